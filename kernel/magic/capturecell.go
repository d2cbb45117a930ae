package magic

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"locuslab/kernel/display"
)

var captureCell = command{"%%capture [--no-stdout] [--no-stderr] [--no-display] [name]", "run the cell without showing what it prints and displays; name.Stdout and name.Stderr have it then", func(ctx context.Context, h Host, c Call, out display.Output) error {
	rec := &recorder{Output: out}
	var name string
	for _, word := range strings.Fields(c.Args) {
		switch word {
		case "--no-stdout":
			rec.letStdout = true
		case "--no-stderr":
			rec.letStderr = true
		case "--no-display":
			rec.letDisplays = true
		default:
			if name != "" || strings.HasPrefix(word, "-") {
				return usage("%%%%capture takes the name of a variable, --no-stdout, --no-stderr and --no-display, not %s", word)
			}
			name = word
		}
	}
	err := h.Into(rec).RunCell(ctx, c.Body)
	if name == "" || ctx.Err() != nil {
		return err
	}
	if _, declared := h.Run(ctx, fmt.Sprintf("%s := struct{ Stdout, Stderr string }{%s, %s};", name, strconv.Quote(rec.text(display.Stdout)), strconv.Quote(rec.text(display.Stderr)))); err == nil {
		err = declared
	}
	return err
}}

// A recorder keeps what is written to an output, and shows nothing of it but what it is told to
// let through and the kernel's own notices.
type recorder struct {
	display.Output
	letStdout, letStderr, letDisplays bool

	mu             sync.Mutex
	stdout, stderr strings.Builder
}

func (r *recorder) text(stream display.Stream) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if stream == display.Stderr {
		return r.stderr.String()
	}
	return r.stdout.String()
}

func (r *recorder) Write(stream display.Stream, text string) {
	if stream == display.Stderr && r.letStderr || stream == display.Stdout && r.letStdout {
		r.Output.Write(stream, text)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stream == display.Stderr {
		r.stderr.WriteString(text)
	} else {
		r.stdout.WriteString(text)
	}
}

func (r *recorder) Display(b display.Bundle) {
	if r.letDisplays || b.Metadata[display.NoticeKey] != nil {
		r.Output.Display(b)
	}
}

func (r *recorder) Result(b display.Bundle) {
	if r.letDisplays {
		r.Output.Result(b)
	}
}

func (r *recorder) Clear(wait bool) {
	if r.letDisplays {
		r.Output.Clear(wait)
	}
}
