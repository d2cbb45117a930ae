package csv

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

// OpenText opens a file of text, which may be compressed by gzip, whatever its name.
func OpenText(path string) (io.ReadSeekCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head, err := bufio.NewReaderSize(f, 16).Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, err
	}
	if string(head) != "\x1f\x8b" {
		if _, err := f.Seek(0, io.SeekStart); err != nil && len(head) > 0 {
			f.Close()
			return nil, err
		}
		return f, nil
	}
	t := &gzipText{file: f}
	if _, err := t.Seek(0, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	return t, nil
}

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
