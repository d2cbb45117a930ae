package locuskit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"syscall"
)

// Checkpoint keeps what a fetch has received in a file, so that the same fetch, run
// again after it failed or was killed, asks only for what is missing:
//
//	conns, err := client.ConnectionsParallel(ctx, whitelabels, locuskit.Checkpoint("connections.ckpt"))
//
// The file holds a line of JSON for each item, what the service sent, and is checked as an answer is when it is
// read; the token is in it only if the service sends it as data. A line that was cut
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
	client *Client // whose bound holds for lines, and whose token errors must not show
	path   string
	file   *os.File
	head   journalHead
}

// journalHead is the first line.
type journalHead struct {
	Fetch string `json:"fetch"` // what is fetched
	Items string `json:"items"` // a digest of the list and the service's identity
}

// journalLine is what was received for one item, as the service sent it: it is read again by what
// read the answer.
type journalLine struct {
	Index *int            `json:"i"`
	Value json.RawMessage `json:"v"`
}

// openJournal opens or makes the file of a fetch, and keeps others from it.
func openJournal(c *Client, path, what, service string, items any) (*journal, error) {
	list := sha256.New()
	fmt.Fprintln(list, service)
	if err := json.NewEncoder(list).Encode(items); err != nil {
		return nil, &CheckpointError{path, err}
	}
	// Before it is opened: that could wait for a pipe's other end, or wind a tape.
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		return nil, &CheckpointError{path, fmt.Errorf("it is a %s: name a file, which may be a new one", kindOfFile(at.Mode()))}
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
	return &journal{c, path, file, journalHead{what, fmt.Sprintf("%x", list.Sum(nil))}}, nil
}

func kindOfFile(m os.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m&os.ModeNamedPipe != 0:
		return "pipe"
	case m&os.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

// replay calls have for each line of the file, of n items, and leaves the file ready for more. If have
// returns errBrokenOff it stops there, and the file is as it was; any other error is one of the line.
func (j *journal) replay(n int, have func(int, json.RawMessage) error) error {
	end, err := readJournal(j.file, j.head, j.client.mostBytes, n, have)
	if errors.Is(err, errBrokenOff) {
		return nil
	}
	if err != nil {
		return &CheckpointError{j.path, j.client.clean(err)}
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

const (
	lineBuffer = 64 << 10
	lineStart  = `{"i":`
	lineFrame  = int64(len(lineStart+`,"v":}`)) + 20 // of a line, beside what was received
)

// readJournal returns where the last whole line ends. Of a value it takes at most so many bytes.
func readJournal(in io.Reader, head journalHead, most int64, n int, have func(int, json.RawMessage) error) (end int64, err error) {
	lines := bufio.NewReaderSize(in, lineBuffer)
	for number := 1; ; number++ {
		damaged := func(err error) error {
			return fmt.Errorf("it is damaged in line %d: %w: delete it to fetch afresh", number, err)
		}
		bound := int64(lineBuffer)
		if number > 1 {
			bound = most + min(lineFrame, math.MaxInt64-most)
		}
		line, err := readLine(lines, bound, number > 1)
		switch {
		case errors.Is(err, io.EOF):
			if number == 1 && !head.begins(line) {
				return 0, errors.New("it is no checkpoint: name another file")
			}
			return end, nil
		case number == 1 && errors.Is(err, errLongLine):
			return 0, errors.New("it is no checkpoint: name another file")
		case errors.Is(err, errLongLine):
			return 0, damaged(err)
		case err != nil:
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
		var l journalLine
		switch err := json.Unmarshal(line, &l); {
		case err != nil:
			return 0, damaged(err)
		case l.Index == nil || *l.Index < 0 || *l.Index >= n:
			return 0, damaged(errors.New("it is of no item of the list"))
		case l.Value == nil:
			return 0, damaged(errors.New("it has no value"))
		}
		end += int64(len(line))
		switch err := have(*l.Index, l.Value); {
		case errors.Is(err, errBrokenOff):
			return end, err
		case err != nil:
			return 0, damaged(err)
		}
	}
}

var errLongLine = errors.New("it has no end where a line of this fetch would have one; if what was received can be so long, raise locuskit.WithMaxBytes")

// readLine reads up to and with a line end. What is longer than most bytes is read no further, nor what is
// longer than the buffer and does not begin as a line of a journal does.
func readLine(in *bufio.Reader, most int64, known bool) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if int64(len(line)) > most || err != nil && known && len(line) >= lineBuffer && !bytes.HasPrefix(line, []byte(lineStart)) {
			return line, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
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
