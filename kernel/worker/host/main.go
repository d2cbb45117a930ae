// Package host is the worker process: it holds the live heap of a notebook, has the
// loader load compiled cells, and runs them. It takes commands from
// the kernel over a control socket and ends when that closes.
//
// It must not know what a cell means, nor how an object was made.
package host

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/nb"
	"locuslab/kernel/worker/wire"
)

// Main serves the kernel until the control socket closes.
func Main() {
	syscall.CloseOnExec(wire.ControlFD) // a command that a cell starts must not hold the socket
	control := os.NewFile(wire.ControlFD, "control socket")
	if control == nil {
		fmt.Fprintln(os.Stderr, "worker: no control socket at file descriptor 3: this program is started by the locuslab kernel, not by hand")
		os.Exit(2)
	}
	l, err := newLoader()
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(2)
	}
	h := &host{loader: l, events: json.NewEncoder(control)}
	h.beside.turn, h.beside.running, h.beside.asked = make(chan struct{}, 1), map[*callback]bool{}, map[int]chan string{}
	nb.Attach(nb.Hooks{Show: h.show, Cell: h.cell, Panic: h.goroutinePanic})
	h.send(wire.Event{Kind: wire.Ready})
	if err := h.serve(control); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(2)
	}
}

type host struct {
	loader *loader.Loader

	sending sync.Mutex
	events  *json.Encoder

	loading sync.Mutex     // objects are loaded one after another
	units   []*loader.Unit // the newest last

	mu      sync.Mutex
	current *run // the newest run, nil before the first

	traced *os.File // that a trace is written to

	profiled   *os.File // that a CPU profile is written to
	memoryRate int      // before allocations were profiled

	beside beside
}

// serve takes commands until the kernel closes the socket.
func (h *host) serve(control io.Reader) error {
	commands := json.NewDecoder(control)
	for {
		var c wire.Command
		if err := commands.Decode(&c); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read the kernel's commands: %w", err)
		}
		switch c.Verb {
		case wire.Run:
			r := &run{host: h, command: c, done: make(chan struct{})}
			h.mu.Lock()
			h.current = r
			h.mu.Unlock()
			go r.execute()
		case wire.Interrupt:
			h.mu.Lock()
			r := h.current
			h.mu.Unlock()
			switch {
			case c.Seq == 0:
				h.interruptBeside()
			case r != nil && r.command.Seq == c.Seq:
				go r.interrupt()
			}
		case wire.Ping:
			h.reply(c, nil)
		case wire.Setenv:
			h.reply(c, os.Setenv(c.Name, c.Value))
		case wire.Chdir:
			h.reply(c, os.Chdir(c.Value))
		case wire.Trace:
			h.reply(c, h.trace(c.Value))
		case wire.Profile:
			h.reply(c, h.profile(c.Name, c.Value))
		case wire.ToComm:
			h.toComm(c.Comm)
		case wire.Answer:
			h.answered(c)
		}
	}
}

// send writes one event. When the kernel is gone there is nobody to tell, and
// serve is about to end the process.
func (h *host) send(e wire.Event) {
	h.sending.Lock()
	defer h.sending.Unlock()
	_ = h.events.Encode(e)
}

func (h *host) reply(c wire.Command, err error) {
	e := wire.Event{Kind: wire.Reply, Seq: c.Seq}
	if err != nil {
		e.Error = err.Error()
	}
	h.send(e)
}

// cell is the number of the cell that runs, or has run last.
func (h *host) cell() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.current == nil {
		return 0
	}
	return h.current.command.Cell
}

func (h *host) show(bundle map[string]any) {
	h.mu.Lock()
	r := h.current
	h.mu.Unlock()
	h.send(wire.Event{Kind: wire.Result, Seq: r.command.Seq, Parts: parts(bundle)})
}

// parts is a bundle as it goes over the wire.
func parts(bundle map[string]any) map[string]wire.Part {
	parts := map[string]wire.Part{}
	for mime, content := range bundle {
		switch c := content.(type) {
		case string:
			parts[mime] = wire.Part{Text: c}
		case []byte:
			parts[mime] = wire.Part{Bytes: c}
		default:
			if j, err := json.Marshal(c); err == nil {
				parts[mime] = wire.Part{JSON: j}
			}
		}
	}
	return parts
}

func (h *host) goroutinePanic(value string, stack []uintptr, start uintptr) {
	h.send(wire.Event{Kind: wire.Goroutine, Panic: &wire.Panic{Value: value, Frames: nb.GoroutineFrames(stack, start, isHost)}})
}
