// Package ctxio reads and writes until a context is done, a piece at a time: the files
// behind a table's formats are written by libraries that know no context, a whole column in
// one call. It knows nothing of what is read or written.
package ctxio

import (
	"bytes"
	"context"
	"io"
	"os"
)

// pieceBytes is how much is read or written between two looks at a context: a
// millisecond's worth.
const pieceBytes = 1 << 20

// Writer is a writer that fails once Context has ended, in the middle of a large write too.
type Writer struct {
	Context context.Context
	To      io.Writer
}

func (u Writer) Write(p []byte) (n int, err error) {
	for {
		if u.Context.Err() != nil {
			return n, context.Cause(u.Context)
		}
		piece := p[n:min(n+pieceBytes, len(p))]
		written, err := u.To.Write(piece)
		n += written
		if err != nil || n == len(p) {
			return n, err
		}
	}
}

// Reader is a reader that fails once Context has ended, in the middle of a large read too.
type Reader struct {
	Context context.Context
	From    io.Reader
}

func (u Reader) Read(p []byte) (int, error) {
	if u.Context.Err() != nil {
		return 0, context.Cause(u.Context)
	}
	return u.From.Read(p[:min(pieceBytes, len(p))])
}

// ReaderAt is a text in memory of which no part can be had once Context has ended.
type ReaderAt struct {
	Context context.Context
	*bytes.Reader
}

func (u ReaderAt) ReadAt(p []byte, at int64) (n int, err error) {
	for {
		if u.Context.Err() != nil {
			return n, context.Cause(u.Context)
		}
		read, err := u.Reader.ReadAt(p[n:min(n+pieceBytes, len(p))], at+int64(n))
		n += read
		if err != nil || n == len(p) {
			return n, err
		}
	}
}

// Size returns how many bytes a file has, 0 where that is not known.
func Size(f *os.File) int {
	if info, err := f.Stat(); err == nil {
		return int(info.Size())
	}
	return 0
}
