package locuskit

import (
	"bytes"
	"context"
	"io"
)

// pieceBytes is how much is read or written between two looks at a context: a
// millisecond's worth.
const pieceBytes = 1 << 20

// writeUntil is a writer that fails once ctx has ended, in the middle of a large write too.
type writeUntil struct {
	ctx context.Context
	w   io.Writer
}

func (u writeUntil) Write(p []byte) (n int, err error) {
	for {
		if u.ctx.Err() != nil {
			return n, context.Cause(u.ctx)
		}
		piece := p[n:min(n+pieceBytes, len(p))]
		written, err := u.w.Write(piece)
		n += written
		if err != nil || n == len(p) {
			return n, err
		}
	}
}

// readUntil is a reader that fails once ctx has ended, in the middle of a large read too.
type readUntil struct {
	ctx context.Context
	r   io.Reader
}

func (u readUntil) Read(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, context.Cause(u.ctx)
	}
	return u.r.Read(p[:min(pieceBytes, len(p))])
}

// readAtUntil is a text in memory of which no part can be had once ctx has ended.
type readAtUntil struct {
	ctx context.Context
	*bytes.Reader
}

func (u readAtUntil) ReadAt(p []byte, at int64) (n int, err error) {
	for {
		if u.ctx.Err() != nil {
			return n, context.Cause(u.ctx)
		}
		read, err := u.Reader.ReadAt(p[n:min(n+pieceBytes, len(p))], at+int64(n))
		n += read
		if err != nil || n == len(p) {
			return n, err
		}
	}
}
