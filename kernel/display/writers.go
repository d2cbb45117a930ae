package display

import (
	"io"
	"sync"
)

// Writers returns an Output's two streams as writers for a program's output. They
// may be written to at the same time: the Output gets one call after another.
func Writers(out Output) (stdout, stderr io.Writer) {
	var mu sync.Mutex
	return streamWriter{&mu, out, Stdout}, streamWriter{&mu, out, Stderr}
}

type streamWriter struct {
	mu     *sync.Mutex
	out    Output
	stream Stream
}

func (w streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out.Write(w.stream, string(p))
	return len(p), nil
}
