package ctxio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

var errStop = errors.New("stop")

// endingWriter ends a context with the first piece that it gets.
type endingWriter struct {
	end context.CancelCauseFunc
	got int
}

func (w *endingWriter) Write(p []byte) (int, error) {
	w.end(errStop)
	w.got += len(p)
	return len(p), nil
}

func TestALargeWriteEndsInItsMiddle(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	to := &endingWriter{end: cancel}
	n, err := Writer{ctx, to}.Write(make([]byte, 10*pieceBytes))
	if !errors.Is(err, errStop) || n != pieceBytes || to.got != n {
		t.Errorf("%d bytes, %d of them written, %v", n, to.got, err)
	}
}

func TestReadersGiveAllOrTheReason(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), pieceBytes/3)
	ctx, cancel := context.WithCancelCause(t.Context())
	got, err := io.ReadAll(Reader{ctx, bytes.NewReader(data)})
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	part := make([]byte, 2*pieceBytes)
	at := ReaderAt{ctx, bytes.NewReader(data)}
	if n, err := at.ReadAt(part, 7); n != len(part) || err != nil || !bytes.Equal(part, data[7:7+len(part)]) {
		t.Errorf("%d bytes from the middle, %v", n, err)
	}
	cancel(errStop)
	if n, err := (Reader{ctx, bytes.NewReader(data)}).Read(part); n != 0 || !errors.Is(err, errStop) {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := at.ReadAt(part, 0); n != 0 || !errors.Is(err, errStop) {
		t.Errorf("%d bytes, %v", n, err)
	}
}
