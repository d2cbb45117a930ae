package locuskit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// Checkpoint keeps what a fetch has received in a file, so that the same fetch, run
// again after it failed or was killed, asks only for what is missing:
//
//	conns, err := client.ConnectionsParallel(ctx, whitelabels, locuskit.Checkpoint("connections.ckpt"))
//
// The file holds a line of JSON for each item and never the token. A line that was cut
// off in the middle is fetched again. It belongs to one list of items on one
// service, a service on loopback counting as the same whatever its port: another
// fetch is refused rather than mixed in, and so is a second at the same time. It
// is kept when the fetch is complete; delete it to fetch afresh. An error about it is a
// [*CheckpointError].
func Checkpoint(path string) FetchOption {
	return fetchOption(func(f *fetch) { f.checkpoint = path })
}

// CheckpointError says why a checkpoint file cannot be used.
type CheckpointError struct {
	Path string
	Err  error
}

func (e *CheckpointError) Error() string {
	return fmt.Sprintf("locuskit: checkpoint %s: %v", e.Path, e.Err)
}
func (e *CheckpointError) Unwrap() error { return e.Err }

// journal is an open checkpoint file. One goroutine uses it.
type journal struct {
	path string
	file *os.File
	head journalHead
}

// journalHead is the first line.
type journalHead struct {
	Fetch string `json:"fetch"` // what is fetched
	Items string `json:"items"` // a digest of the list and the service's identity
}

// journalLine is what was received for one item.
type journalLine[T any] struct {
	Index int `json:"i"`
	Value T   `json:"v"`
}

// openJournal opens or makes the file of a fetch, and keeps others from it.
func openJournal(path, what, service string, items any) (*journal, error) {
	list := sha256.New()
	fmt.Fprintln(list, service)
	if err := json.NewEncoder(list).Encode(items); err != nil {
		return nil, &CheckpointError{path, err}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &CheckpointError{path, err}
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errors.New("another fetch is using it: name another file, or wait")
		}
		return nil, errors.Join(&CheckpointError{path, err}, file.Close())
	}
	return &journal{path, file, journalHead{what, fmt.Sprintf("%x", list.Sum(nil))}}, nil
}

// replay calls have for each item of n that the file holds, and leaves the file ready for more. If have
// returns false it stops there, and the file is as it was.
func replay[T any](j *journal, have func(int, T) bool, n int) error {
	end, err := readJournal(j.file, j.head, have, n)
	if errors.Is(err, errBrokenOff) {
		return nil
	}
	if err != nil {
		return &CheckpointError{j.path, err}
	}
	if err := j.file.Truncate(end); err != nil { // a cut-off last line is fetched again
		return &CheckpointError{j.path, err}
	}
	if _, err := j.file.Seek(end, io.SeekStart); err != nil {
		return &CheckpointError{j.path, err}
	}
	if end == 0 {
		return j.write(j.head)
	}
	return nil
}

var errBrokenOff = errors.New("broken off")

// readJournal returns where the last whole line ends.
func readJournal[T any](in io.Reader, head journalHead, have func(int, T) bool, n int) (end int64, err error) {
	lines := bufio.NewReaderSize(in, 1<<16)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if number == 1 && !head.begins(line) {
				return 0, errors.New("it is no checkpoint: name another file")
			}
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		if number == 1 {
			var found journalHead
			if err := json.Unmarshal(line, &found); err != nil || found != head {
				return 0, fmt.Errorf("it belongs to another fetch (of %q): name another file, or delete it", found.Fetch)
			}
			end += int64(len(line))
			continue
		}
		var l journalLine[T]
		if err := json.Unmarshal(line, &l); err != nil || l.Index < 0 || l.Index >= n {
			return 0, fmt.Errorf("it is damaged in line %d (%.40q): delete it to fetch afresh", number, line)
		}
		end += int64(len(line))
		if !have(l.Index, l.Value) {
			return end, errBrokenOff
		}
	}
}

// begins reports whether text is the beginning of the head's line: a file cut off there, or an empty one,
// is a checkpoint, and any other that has no line is somebody's file.
func (h journalHead) begins(text []byte) bool {
	line, err := json.Marshal(h)
	return err == nil && bytes.HasPrefix(line, text)
}

// write adds a line by one call to the system, so that a kill leaves at most the last line cut.
func (j *journal) write(line any) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // what was received is kept as it was
	err := e.Encode(line)
	if err == nil {
		_, err = j.file.Write(text.Bytes())
	}
	if err != nil {
		return &CheckpointError{j.path, err}
	}
	return nil
}

// close lets other fetches use the file. All that it holds has been written.
func (j *journal) close() { _ = j.file.Close() }
