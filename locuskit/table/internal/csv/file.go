package csv

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

// OpenText opens a file of text, which may be compressed by gzip, whatever its name. What cannot be
// read again, such as a pipe, cannot seek.
func OpenText(path string) (io.ReadSeekCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	head, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, err
	}
	compressed := string(head) == "\x1f\x8b"
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		p := &pipeText{in, f, err}
		if compressed {
			if p.Reader, err = gzip.NewReader(in); err != nil {
				f.Close()
				return nil, err
			}
		}
		return p, nil
	}
	if !compressed {
		return f, nil
	}
	t := &gzipText{file: f}
	if _, err := t.Seek(0, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	return t, nil
}

// pipeText is the text of a file that can be read once.
type pipeText struct {
	io.Reader
	file *os.File
	why  error
}

func (t *pipeText) Seek(int64, int) (int64, error) { return 0, t.why }

func (t *pipeText) Close() error { return t.file.Close() }

// gzipText is the text of a compressed file. It can be read again from its start.
type gzipText struct {
	file *os.File
	text *gzip.Reader
	read bool
}

func (t *gzipText) Read(p []byte) (int, error) {
	t.read = true
	return t.text.Read(p)
}

func (t *gzipText) Seek(offset int64, whence int) (int64, error) {
	if offset == 0 && whence == io.SeekCurrent && !t.read {
		return 0, nil
	}
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.New("a compressed file can be read only from its start")
	}
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	text, err := gzip.NewReader(bufio.NewReader(t.file))
	if err != nil {
		return 0, err
	}
	t.text = text
	return 0, nil
}

func (t *gzipText) Close() error { return errors.Join(t.text.Close(), t.file.Close()) }
