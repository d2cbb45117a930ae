// Package comm is Jupyter's comms: channels that a front end and code behind the kernel
// open to each other, by which widgets talk. A Router knows the ones that are open and
// hands each message to whom it is for.
//
// It knows neither sockets nor what the messages say.
package comm

import (
	"encoding/json"
	"sync"
)

// FrontEnd is the variable of the environment by which code behind the kernel knows that
// there is a way to a front end.
const FrontEnd = "LOCUSLAB_FRONT_END"

// Kind is what a message does to its comm; it is the message's type on the wire.
type Kind string

// The three kinds of messages.
const (
	Open  Kind = "comm_open"
	Data  Kind = "comm_msg"
	Close Kind = "comm_close"
)

// Message is one message of a comm, in either direction.
type Message struct {
	Kind     Kind            `json:"kind"`
	ID       string          `json:"id"`
	Target   string          `json:"target,omitempty"` // of Open: who is to answer
	Data     json.RawMessage `json:"data,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Buffers  [][]byte        `json:"buffers,omitempty"`
}

// An Endpoint is code behind the kernel that has comms. Receive takes a message from
// the front end, in the order in which they come; it must not wait. It reports whether
// it wants a comm that is opened to it.
type Endpoint interface {
	Receive(Message) bool
}

// A Router is the comms of a kernel. Its methods may be called from any goroutine.
type Router struct {
	mu      sync.Mutex
	send    func(Message)
	open    map[string]opened
	targets map[string]Endpoint
	others  Endpoint // of targets that nobody has registered
}

type opened struct {
	target string
	owner  Endpoint
}

// NewRouter returns a router without comms.
func NewRouter() *Router {
	return &Router{open: map[string]opened{}, targets: map[string]Endpoint{}}
}

// Attach makes send the way to the front end. Without one, as where a notebook is run
// without Jupyter, messages go nowhere.
func (r *Router) Attach(send func(Message)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.send = send
}

// Attached reports whether there is a way to a front end.
func (r *Router) Attached() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.send != nil
}

// Handle makes an endpoint the one that answers a target; "" stands for all targets that
// have none of their own.
func (r *Router) Handle(target string, e Endpoint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if target == "" {
		r.others = e
		return
	}
	r.targets[target] = e
}

// Send takes a message from an endpoint to the front end.
func (r *Router) Send(m Message, from Endpoint) {
	r.mu.Lock()
	switch m.Kind {
	case Open:
		r.open[m.ID] = opened{m.Target, from}
	case Close:
		delete(r.open, m.ID)
	}
	send := r.send
	r.mu.Unlock()
	if send != nil {
		send(m)
	}
}

// Receive takes a message from the front end to the endpoint of its comm. A comm that
// nobody wants is closed at once, as the protocol asks for.
func (r *Router) Receive(m Message) {
	r.mu.Lock()
	c, known := r.open[m.ID]
	if m.Kind == Open {
		if c.owner = r.targets[m.Target]; c.owner == nil {
			c.owner = r.others
		}
		known = c.owner != nil
		if known {
			r.open[m.ID] = opened{m.Target, c.owner}
		}
	} else if m.Kind == Close {
		delete(r.open, m.ID)
	}
	r.mu.Unlock()
	if known && c.owner.Receive(m) || m.Kind == Close {
		return
	}
	if m.Kind == Open {
		r.Send(Message{Kind: Close, ID: m.ID, Data: json.RawMessage("{}")}, nil)
	}
}

// List returns the targets of the open comms by their ids; with a target, of those that
// have it.
func (r *Router) List(target string) map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := map[string]string{}
	for id, c := range r.open {
		if target == "" || target == c.target {
			list[id] = c.target
		}
	}
	return list
}

// Drop closes the comms of an endpoint that has ended.
func (r *Router) Drop(e Endpoint) {
	r.mu.Lock()
	if r.others == e {
		r.others = nil
	}
	var ids []string
	for id, c := range r.open {
		if c.owner == e {
			ids = append(ids, id)
		}
	}
	r.mu.Unlock()
	for _, id := range ids {
		r.Send(Message{Kind: Close, ID: id, Data: json.RawMessage("{}")}, e)
	}
}
