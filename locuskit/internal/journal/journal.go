// Package journal keeps what a fetch has received in a file, a line of JSON for each item after a header that identifies
// the fetch, so that an interrupted fetch can be resumed. It bounds what it reads, whatever the file is. It does not know what
// the values mean.
package journal

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

// Journal is an open file. One goroutine uses it.
type Journal struct {
	file *os.File
	head header
	most int64 // bytes of one value
}

// header is the first line.
type header struct {
	Fetch string `json:"fetch"` // what is fetched
	Items string `json:"items"` // a digest of the list and the service's identity
}

// entry is what was received for one item, as the service sent it: it is read again by what
// read the answer.
type entry struct {
	Index *int            `json:"i"`
	Value json.RawMessage `json:"v"`
}

// Open opens or makes the file of a fetch of items from a service, and keeps others from it. most bounds the bytes of a value.
func Open(path, what, service string, items any, most int64) (*Journal, error) {
	list := sha256.New()
	fmt.Fprintln(list, service)
	if err := json.NewEncoder(list).Encode(items); err != nil {
		return nil, err
	}
	// Before it is opened: that could wait for a pipe's other end, or wind a tape.
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		return nil, fmt.Errorf("it is a %s: name a file, which may be a new one", kindOfFile(at.Mode()))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errors.New("another fetch is using it: name another file, or wait")
		}
		return nil, errors.Join(err, file.Close())
	}
	return &Journal{file, header{what, fmt.Sprintf("%x", list.Sum(nil))}, most}, nil
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

// Replay calls have for each line of the file, of n items, and leaves the file ready for more. If have
// returns [ErrBrokenOff] it stops there, and the file is as it was; any other error is one of the line.
func (j *Journal) Replay(n int, have func(int, json.RawMessage) error) error {
	end, err := read(j.file, j.head, j.most, n, have)
	if errors.Is(err, ErrBrokenOff) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := j.file.Truncate(end); err != nil { // a cut-off last line is fetched again
		return err
	}
	if _, err := j.file.Seek(end, io.SeekStart); err != nil {
		return err
	}
	if end == 0 {
		return j.write(j.head)
	}
	return nil
}

// ErrBrokenOff ends a replay of which no more is wanted.
var ErrBrokenOff = errors.New("broken off")

const (
	lineBuffer = 64 << 10
	lineStart  = `{"i":`
	lineFrame  = int64(len(lineStart+`,"v":}`)) + 20 // of a line, beside what was received
)

// read returns where the last whole line ends. A value has at most `most` bytes.
func read(in io.Reader, head header, most int64, n int, have func(int, json.RawMessage) error) (end int64, err error) {
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
			var found header
			if err := json.Unmarshal(line, &found); err != nil || found != head {
				return 0, fmt.Errorf("it belongs to another fetch (of %q): name another file, or delete it", found.Fetch)
			}
			end += int64(len(line))
			continue
		}
		var l entry
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
		case errors.Is(err, ErrBrokenOff):
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
func (h header) begins(text []byte) bool {
	line, err := json.Marshal(h)
	return err == nil && bytes.HasPrefix(line, text)
}

// Keep adds what was received for item i.
func (j *Journal) Keep(i int, value json.RawMessage) error { return j.write(entry{&i, value}) }

// write adds a line by one call to the system, so that a kill leaves at most the last line cut.
func (j *Journal) write(line any) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // what was received is kept as it was
	if err := e.Encode(line); err != nil {
		return err
	}
	_, err := j.file.Write(text.Bytes())
	return err
}

// Close lets other fetches use the file. All that it holds has been written.
func (j *Journal) Close() { _ = j.file.Close() }
