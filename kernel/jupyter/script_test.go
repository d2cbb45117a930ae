package jupyter_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/display"
	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

// script is a Handler whose cells are lines of a verb and its argument. The wire
// between it and the front end is real.
type script struct {
	mu          sync.Mutex
	queued      []string
	interrupted chan struct{}
	late        display.Output // of the last cell
	lateSet     chan struct{}
}

func newScript() *script {
	return &script{interrupted: make(chan struct{}, 8), lateSet: make(chan struct{}, 8)}
}

func (s *script) Execute(ctx context.Context, code string, count int, out display.Output) error {
	s.mu.Lock()
	s.late = out
	s.mu.Unlock()
	for line := range strings.Lines(code) {
		verb, arg, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := s.do(ctx, verb, arg, out); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) do(ctx context.Context, verb, arg string, out display.Output) error {
	switch verb {
	case "print":
		out.Write(display.Stdout, arg+"\n")
	case "warn":
		out.Write(display.Stderr, arg+"\n")
	case "lines": // that many numbered lines
		n, _ := strconv.Atoi(arg)
		for i := range n {
			out.Write(display.Stdout, fmt.Sprintln("line", i))
		}
	case "bytes": // that many, in one write
		n, _ := strconv.Atoi(arg)
		out.Write(display.Stdout, strings.Repeat("é", n/2))
	case "show":
		out.Display(display.Text(arg))
	case "image":
		out.Display(display.Bundle{Data: map[string]any{"image/png": []byte("\x89PNG"), "text/plain": "image"}, ID: arg})
	case "update":
		out.Display(display.Bundle{Data: map[string]any{"text/plain": "new"}, ID: arg, Update: true})
	case "value":
		out.Result(display.Text(arg))
	case "page":
		out.(display.Pager).Page(display.Text(arg))
	case "clear":
		out.Clear(arg == "wait")
	case "ask":
		answer, err := out.Input(ctx, arg, strings.HasPrefix(arg, "password"))
		if err != nil {
			return &display.Failure{Name: "EOF", Value: err.Error()}
		}
		out.Write(display.Stdout, "you said "+answer+"\n")
	case "fail":
		return &display.Failure{Name: "Panic", Value: arg, Traceback: []string{"In[1]:1", arg}}
	case "break":
		return fmt.Errorf("the engine broke: %s", arg)
	case "block":
		select {
		case <-s.interrupted:
			return &display.Failure{Name: "Interrupted", Value: "by the user"}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *script) Evaluate(ctx context.Context, expression string, count int, out display.Output) (display.Bundle, error) {
	switch verb, arg, _ := strings.Cut(expression, " "); verb {
	case "value":
		return display.Bundle{Data: map[string]any{"text/plain": arg, "image/png": []byte("\x89PNG")}}, nil
	case "print":
		out.Write(display.Stdout, arg+"\n")
		return display.Text("printed"), nil
	}
	return display.Bundle{}, &display.Failure{Name: "SyntaxError", Value: expression, Traceback: []string{"In[1]"}}
}

func (s *script) Queue(code string) {
	s.mu.Lock()
	s.queued = append(s.queued, code)
	s.mu.Unlock()
}

func (s *script) Unqueue() {
	s.mu.Lock()
	s.queued = nil
	s.mu.Unlock()
}

func (s *script) Interrupt() { s.interrupted <- struct{}{} }

func (s *script) Complete(code string, cursor int) (matches []display.Match, start, end int) {
	start = strings.LastIndexAny(code[:cursor], " .") + 1
	return []display.Match{{Text: code[start:cursor] + "!", Kind: "function", Signature: "()"}}, start, cursor
}

func (s *script) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	if code == "" {
		return display.Bundle{}, false
	}
	return display.Text(fmt.Sprintf("%s at %d, detail %d", code, cursor, detail)), true
}

func (s *script) IsComplete(code string) (status, indent string) {
	if strings.HasSuffix(code, "{") {
		return "incomplete", "\t"
	}
	return "complete", "\t"
}

// kernel is a Server with the script handler.
type kernel struct {
	connection wire.Connection
	handler    *script
	ended      chan error
	stop       context.CancelFunc
}

func startKernel(t testing.TB, o jupyter.Options) *kernel {
	t.Helper()
	connection, err := wire.NewConnection()
	if err != nil {
		t.Fatal(err)
	}
	o.Info.Language = jupyter.Language{Name: "script", Version: "1", MIME: "text/plain", Extension: ".txt"}
	o.Info.Implementation = "test"
	ctx, stop := context.WithCancel(context.Background())
	k := &kernel{connection: connection, handler: newScript(), ended: make(chan error, 1), stop: stop}
	go func() { k.ended <- jupyter.Serve(ctx, connection, k.handler, o) }()
	t.Cleanup(func() {
		stop()
		select {
		case <-k.ended:
		case <-time.After(30 * time.Second):
			t.Error("the kernel does not end")
		}
	})
	return k
}

func connect(t testing.TB, k *kernel) *client.Client {
	t.Helper()
	c, err := client.Connect(within(t), k.connection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// within bounds what waits for an answer; a test that gets there has failed.
func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func run(t testing.TB, c *client.Client, code string) *client.Outcome {
	t.Helper()
	o, err := c.Run(within(t), code)
	if err != nil {
		t.Fatalf("cell %q: %v", code, err)
	}
	return o
}
