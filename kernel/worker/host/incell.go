package host

import (
	"encoding/json"
	"reflect"
	"sync"
	"unsafe"

	"locuslab/kernel/worker/nb"
	"locuslab/kernel/worker/show"
	"locuslab/kernel/worker/wire"
)

// Package incell, which cells and libraries import, finds the kernel in a variable of
// its own: it is not compiled into the worker, and means nothing in another program. Its
// name changes with its form.
const (
	incellPackage  = "locuslab/kernel/incell"
	incellVariable = "kernel2"
)

// services is what the variable holds: its type is the same in package incell, which
// says what the functions do.
type services = struct {
	Register func(of reflect.Type, render func(v any) map[string]any)
	Display  func(v any, id string, update bool)
	Clear    func(wait bool)
	Send     func(message []byte)
	Receive  func(handle func(message []byte))
	Capture  func(comm string, run func()) (outputs []byte)
	Start    func(run func()) (stop func(), done <-chan struct{})
}

// beside is what runs and talks besides cells.
type beside struct {
	connected bool
	turn      chan struct{} // held by whatever runs: a cell, or a callback

	mu      sync.Mutex
	receive func(message []byte)
	running map[*callback]bool
	asked   map[int]chan string
	seq     int
}

// connect gives package incell the kernel, once a load has brought it.
func (h *host) connect() {
	if h.beside.connected {
		return
	}
	v := h.loader.Variable(incellPackage, incellVariable, unsafe.Sizeof(services{}))
	if v == nil {
		return
	}
	h.beside.connected = true
	*(*services)(v) = services{
		Register: show.Register,
		Display: func(v any, id string, update bool) {
			h.ask(wire.Event{Kind: wire.Display, Parts: parts(show.Bundle(nb.Upgrade(v))), ID: id, Update: update})
		},
		Clear: func(wait bool) { h.ask(wire.Event{Kind: wire.Clear, Update: wait}) },
		Send:  func(message []byte) { h.send(wire.Event{Kind: wire.FromComm, Comm: message}) },
		Receive: func(handle func([]byte)) {
			h.beside.mu.Lock()
			defer h.beside.mu.Unlock()
			h.beside.receive = handle
		},
		Capture: h.capture,
		Start:   h.start,
	}
}

// toComm hands on a message of a comm. One that is opened to a worker that knows nothing
// of comms is closed.
func (h *host) toComm(message json.RawMessage) {
	h.beside.mu.Lock()
	receive := h.beside.receive
	h.beside.mu.Unlock()
	if receive != nil {
		receive(message)
		return
	}
	var m struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	}
	if json.Unmarshal(message, &m) == nil && m.Kind == "comm_open" {
		text, _ := json.Marshal(map[string]string{"kind": "comm_close", "id": m.ID})
		h.send(wire.Event{Kind: wire.FromComm, Comm: text})
	}
}

// capture has what run shows go to an output widget, and returns that.
func (h *host) capture(comm string, run func()) (outputs []byte) {
	h.ask(wire.Event{Kind: wire.Capture, Function: comm})
	func() {
		defer nb.Guard() // told where the rest is
		run()
	}()
	return []byte(h.ask(wire.Event{Kind: wire.Capture}))
}

// ask sends an event and waits until the kernel has carried it out, so that what the code
// prints next comes behind it, though that goes another way.
func (h *host) ask(e wire.Event) string {
	b := &h.beside
	answer := make(chan string, 1)
	b.mu.Lock()
	b.seq++
	seq := b.seq
	b.asked[seq] = answer
	b.mu.Unlock()
	e.Seq = seq
	h.send(e)
	return <-answer
}

func (h *host) answered(c wire.Command) {
	b := &h.beside
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer := b.asked[c.Seq]; answer != nil {
		delete(b.asked, c.Seq)
		answer <- c.Value
	}
}

// A callback is code of cells that runs while no cell does.
type callback struct {
	mu        sync.Mutex
	execution *nb.Execution
	stopped   bool
}

func (c *callback) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	if c.execution != nil {
		c.execution.Interrupt()
	}
}

// start runs code when its turn comes. stop ends it as an interrupt ends a cell.
func (h *host) start(run func()) (stop func(), done <-chan struct{}) {
	c, ended := &callback{}, make(chan struct{})
	go func() {
		defer close(ended)
		h.beside.turn <- struct{}{}
		defer func() { <-h.beside.turn }()
		c.mu.Lock()
		if c.stopped {
			c.mu.Unlock()
			return
		}
		c.execution = nb.Begin(0)
		c.mu.Unlock()
		h.beside.mu.Lock()
		h.beside.running[c] = true
		h.beside.mu.Unlock()
		defer func() {
			h.beside.mu.Lock()
			delete(h.beside.running, c)
			h.beside.mu.Unlock()
			c.mu.Lock()
			c.execution.End()
			c.execution = nil
			c.mu.Unlock()
		}()
		defer nb.Guard()
		run()
	}()
	return c.stop, ended
}

// interruptBeside stops the callback that runs.
func (h *host) interruptBeside() {
	h.beside.mu.Lock()
	defer h.beside.mu.Unlock()
	for c := range h.beside.running {
		c.stop()
	}
}
