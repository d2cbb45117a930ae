package display

import "sync"

// A Writer passes on what a program writes to one stream of an Output. What is left of a
// character at the end comes with Flush.
type Writer struct {
	mu     *sync.Mutex
	out    Output
	stream Stream
	text   Characters
}

// Writers returns an Output's two streams as writers for a program's output. They
// may be written to at the same time: the Output gets one call after another.
func Writers(out Output) (stdout, stderr *Writer) {
	var mu sync.Mutex
	return &Writer{mu: &mu, out: out, stream: Stdout}, &Writer{mu: &mu, out: out, stream: Stderr}
}

func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put(w.text.Take(p))
	return len(p), nil
}

// Flush passes on what is left.
func (w *Writer) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put(w.text.Rest())
}

func (w *Writer) put(text string) {
	if text != "" {
		w.out.Write(w.stream, text)
	}
}
