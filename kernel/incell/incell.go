// Package incell is what code in a cell, and a library that cells import, can ask of the
// kernel that runs it: to show values in a way of its own, to talk to the page by
// Jupyter's comms, and to run code while no cell does.
//
// In any other program, including the standalone program that %%race runs, there is no kernel: Running
// is false and the functions do nothing. The package imports nothing of the kernel's
// inside; the worker finds its variable when a cell has loaded it.
package incell

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"sync"

	"locuslab/kernel/comm"
)

// kernel2 is set by the worker. Its name and its type are known there.
var kernel2 struct {
	Register func(of reflect.Type, render func(v any) map[string]any)
	Display  func(v any, id string, update bool)
	Clear    func(wait bool)
	Send     func(message []byte)
	Receive  func(handle func(message []byte))
	Capture  func(comm string, run func()) (outputs []byte)
	Start    func(run func()) (stop func(), done <-chan struct{})
}

// Running reports whether a kernel runs this code.
func Running() bool { return kernel2.Send != nil }

// Connected reports whether a front end may be there, with a page: where a notebook is
// run without one, it is not.
func Connected() bool { return Running() && os.Getenv(comm.FrontEnd) != "" }

// ErrNoKernel is the error of what only a kernel can do.
var ErrNoKernel = errors.New("no kernel runs this code")

// Register makes show the display of the values of a type, by MIME type, wherever a cell
// shows one; of an interface type, of all that implement it. Text is added where there is
// none. A display that panics, or returns nothing, leaves the value as it was.
func Register[T any](show func(v T) map[string]any) {
	if kernel2.Register != nil {
		kernel2.Register(reflect.TypeFor[T](), func(v any) map[string]any { return show(v.(T)) })
	}
}

// Display shows a value at once, as if it were the last expression of the cell. What it returns
// can show another value in its place, so that a loop can redraw.
func Display(v any) Shown {
	s := Shown{id: rand.Text()}
	if kernel2.Display != nil {
		kernel2.Display(v, s.id, false)
	}
	return s
}

// Shown is a display that Display has made.
type Shown struct{ id string }

// Update shows another value in the place of the display.
func (s Shown) Update(v any) {
	if kernel2.Display != nil {
		kernel2.Display(v, s.id, true)
	}
}

// Clear removes the outputs of the cell; with wait, when the next one comes, so that nothing
// flickers.
func Clear(wait bool) {
	if kernel2.Clear != nil {
		kernel2.Clear(wait)
	}
}

// Capture has what run shows and prints go to the output widget whose comm has this id,
// and returns the outputs in the notebook format.
func Capture(id string, run func()) (outputs json.RawMessage) {
	if kernel2.Capture == nil {
		run()
		return nil
	}
	return kernel2.Capture(id, run)
}

// Start runs code of the cells in a goroutine of its own, as soon as neither a cell nor
// other code that was started so runs; cells wait for its end. stop ends it as an
// interrupt ends a cell, and done is closed then. A panic is told as that of a goroutine.
func Start(run func()) (stop func(), done <-chan struct{}) {
	if kernel2.Start != nil {
		return kernel2.Start(run)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run()
	}()
	return func() {}, ended
}

// A Comm is a channel to the page.
type Comm struct {
	ID, Target string

	mu      sync.Mutex
	receive func(comm.Message)
	closed  bool
}

var comms struct {
	sync.Mutex
	attached bool
	open     map[string]*Comm
	targets  map[string]func(c *Comm, opening comm.Message) (receive func(comm.Message))
	queue    []comm.Message
	arrived  *sync.Cond
}

// Open opens a comm to a target of the page. receive is called with each message that
// comes by it, by one goroutine for all comms, while cells run: it must not wait.
func Open(target string, data, metadata any, buffers [][]byte, receive func(comm.Message)) (*Comm, error) {
	return OpenAs(rand.Text(), target, data, metadata, buffers, receive)
}

// OpenAs is Open with an id that is known already.
func OpenAs(id, target string, data, metadata any, buffers [][]byte, receive func(comm.Message)) (*Comm, error) {
	if !Running() {
		return nil, ErrNoKernel
	}
	attach()
	c := &Comm{ID: id, Target: target, receive: receive}
	comms.Lock()
	comms.open[c.ID] = c
	comms.Unlock()
	return c, c.send(comm.Open, data, metadata, buffers)
}

// Handle has open called when the page opens a comm to a target; what it returns takes
// the messages that follow.
func Handle(target string, open func(c *Comm, opening comm.Message) (receive func(comm.Message))) {
	if !Running() {
		return
	}
	attach()
	comms.Lock()
	defer comms.Unlock()
	comms.targets[target] = open
}

// Send sends a message.
func (c *Comm) Send(data, metadata any, buffers [][]byte) error {
	return c.send(comm.Data, data, metadata, buffers)
}

// Close closes the comm.
func (c *Comm) Close() error {
	comms.Lock()
	delete(comms.open, c.ID)
	comms.Unlock()
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.mu.Unlock()
	if closed {
		return nil
	}
	return c.send(comm.Close, nil, nil, nil)
}

func (c *Comm) send(kind comm.Kind, data, metadata any, buffers [][]byte) error {
	m := comm.Message{Kind: kind, ID: c.ID, Buffers: buffers}
	if kind == comm.Open {
		m.Target = c.Target
	}
	for _, part := range []struct {
		to   *json.RawMessage
		from any
	}{{&m.Data, data}, {&m.Metadata, metadata}} {
		if part.from == nil {
			continue
		}
		text, err := json.Marshal(part.from)
		if err != nil {
			return err
		}
		*part.to = text
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	kernel2.Send(text)
	return nil
}

// attach begins to take messages.
func attach() {
	comms.Lock()
	defer comms.Unlock()
	if comms.attached {
		return
	}
	comms.attached = true
	comms.open, comms.targets = map[string]*Comm{}, map[string]func(*Comm, comm.Message) func(comm.Message){}
	comms.arrived = sync.NewCond(&comms.Mutex)
	go deliver()
	kernel2.Receive(func(message []byte) {
		var m comm.Message
		if json.Unmarshal(message, &m) != nil {
			return
		}
		comms.Lock()
		defer comms.Unlock()
		comms.queue = append(comms.queue, m)
		comms.arrived.Signal()
	})
}

// deliver hands on messages one after another, for as long as the process lives.
func deliver() {
	for {
		comms.Lock()
		for len(comms.queue) == 0 {
			comms.arrived.Wait()
		}
		m := comms.queue[0]
		comms.queue = comms.queue[1:]
		c, open := comms.open[m.ID], comms.targets[m.Target]
		if m.Kind == comm.Close {
			delete(comms.open, m.ID)
		}
		comms.Unlock()
		take(c, open, m)
	}
}

// take hands on one. Who panics on it must not end the process.
func take(c *Comm, open func(*Comm, comm.Message) func(comm.Message), m comm.Message) {
	defer func() { _ = recover() }()
	switch {
	case m.Kind == comm.Open && open == nil:
		_ = (&Comm{ID: m.ID}).Close()
	case m.Kind == comm.Open:
		c = &Comm{ID: m.ID, Target: m.Target}
		c.receive = open(c, m)
		comms.Lock()
		comms.open[c.ID] = c
		comms.Unlock()
	case c != nil && c.receive != nil:
		c.receive(m)
	}
}
