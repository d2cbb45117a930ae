package locuskit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Checkpoint keeps what a fetch has received in a file, so that the same fetch, run
// again after it failed or was killed, asks only for what is missing:
//
//	conns, err := client.ConnectionsParallel(ctx, whitelabels, locuskit.Checkpoint("connections.ckpt"))
//
// The file holds a line of JSON for each item and never the token. A line that was cut
// off in the middle is fetched again. It belongs to one list of items on one
// service: another list is refused rather than mixed in. It is kept when
// the fetch is complete; delete it to fetch afresh. Two fetches must not share one
// at the same time.
func Checkpoint(path string) FetchOption {
	return fetchOption(func(f *fetch) { f.checkpoint = path })
}

// journal is an open checkpoint file. One goroutine uses it.
type journal struct {
	path string
	file *os.File
}

// journalHead is the first line.
type journalHead struct {
	Fetch string `json:"fetch"` // what is fetched
	Items string `json:"items"` // a digest of the list and the service's address
}

// journalLine is what was received for one item.
type journalLine[T any] struct {
	Index int `json:"i"`
	Value T   `json:"v"`
}

// digest identifies a list of items on a service.
func digest(service string, items any) (string, error) {
	list, err := json.Marshal(items)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(append([]byte(service+"\n"), list...))), nil
}

// openJournal reads what path holds, calls have for each item, and leaves the
// file ready for more.
func openJournal[T any](path string, head journalHead, n int, have func(int, T)) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locuskit: checkpoint: %w", err)
	}
	j := &journal{path, file}
	if err := resume(j, head, n, have); err != nil {
		return nil, errors.Join(err, j.close())
	}
	return j, nil
}

func resume[T any](j *journal, head journalHead, n int, have func(int, T)) error {
	text, err := io.ReadAll(j.file)
	if err != nil {
		return fmt.Errorf("locuskit: checkpoint: %w", err)
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1] // a cut-off last line is fetched again
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if len(text) > 0 {
		var found journalHead
		if err := json.Unmarshal(first, &found); err != nil || found != head {
			return fmt.Errorf("locuskit: checkpoint %s belongs to another fetch (of %q): name another file, or delete it", j.path, found.Fetch)
		}
	}
	for line := range bytes.Lines(rest) {
		var l journalLine[T]
		if err := json.Unmarshal(line, &l); err != nil || l.Index < 0 || l.Index >= n {
			return fmt.Errorf("locuskit: checkpoint %s is damaged (at %.40q): delete it to fetch afresh", j.path, line)
		}
		have(l.Index, l.Value)
	}
	if err := j.file.Truncate(int64(len(text))); err != nil {
		return fmt.Errorf("locuskit: checkpoint: %w", err)
	}
	if _, err := j.file.Seek(int64(len(text)), io.SeekStart); err != nil {
		return fmt.Errorf("locuskit: checkpoint: %w", err)
	}
	if len(text) == 0 {
		return j.write(head)
	}
	return nil
}

// write adds a line by one call to the system, so that a kill leaves at most the last line cut.
func (j *journal) write(line any) error {
	text, err := json.Marshal(line)
	if err == nil {
		_, err = j.file.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("locuskit: checkpoint %s: %w", j.path, err)
	}
	return nil
}

func (j *journal) close() error {
	if err := j.file.Close(); err != nil {
		return fmt.Errorf("locuskit: checkpoint %s: %w", j.path, err)
	}
	return nil
}
