// Package client is a Jupyter front end: it starts a kernel from a kernelspec, or
// connects to one that runs, and speaks the messaging protocol with it. Tests and
// benchmarks use it with this project's kernel as with any other.
//
// It knows nothing of how a kernel works inside.
package client

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"locuslab/kernel/jupyter/wire"
)

// ErrGone is the error of a request to a kernel that has closed its connections.
var ErrGone = errors.New("the kernel has closed the connection")

// Client is one front end of a kernel. Its methods may be called from any
// goroutine.
type Client struct {
	session string
	conns   map[wire.Channel]*wire.Conn
	gone    map[wire.Channel]chan struct{} // closed when the last message of a channel was taken
	readers sync.WaitGroup

	mu      sync.Mutex
	waiting map[string]*pending // requests by msg_id
	watch   func(wire.Message)
}

// pending is a request that was sent.
type pending struct {
	reply chan wire.Message // one
	event func(wire.Message)
	ask   func(question) string // answers input_request
}

// Connect opens the channels of a running kernel and returns when the kernel's
// broadcasts arrive, so that nothing of a request sent afterwards is missed.
func Connect(ctx context.Context, connection wire.Connection) (*Client, error) {
	c := &Client{
		session: rand.Text(), conns: map[wire.Channel]*wire.Conn{},
		gone: map[wire.Channel]chan struct{}{}, waiting: map[string]*pending{},
	}
	for _, channel := range []wire.Channel{wire.Shell, wire.Control, wire.Stdin, wire.IOPub} {
		conn, err := dial(ctx, connection, channel, c.session)
		if err != nil {
			c.Close()
			return nil, err
		}
		gone := make(chan struct{})
		c.conns[channel], c.gone[channel] = conn, gone
		c.readers.Go(func() {
			defer close(gone)
			c.read(channel, conn)
		})
	}
	if err := c.conns[wire.IOPub].SendFrames([][]byte{{1}}); err != nil { // subscribe to all
		c.Close()
		return nil, err
	}
	if err := c.awaitReady(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// dial tries until the kernel listens or ctx ends.
func dial(ctx context.Context, connection wire.Connection, channel wire.Channel, identity string) (*wire.Conn, error) {
	for {
		conn, err := wire.Dial(ctx, connection, channel, identity)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, context.Cause(ctx))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// awaitReady asks until the kernel answers and its broadcasts are heard. Kernels
// without iopub_welcome need it: a subscription takes effect when they have read
// it, and what they broadcast before that is lost. A kernel that answers at once is
// asked again soon, one that takes its time less often.
func (c *Client) awaitReady(ctx context.Context) error {
	for patience := 20 * time.Millisecond; ; patience = min(2*patience, time.Second) {
		try, cancel := context.WithTimeout(ctx, patience)
		err := c.hear(try)
		cancel()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || errors.Is(err, ErrGone) {
			return fmt.Errorf("wait for the kernel to be ready: %w", errors.Join(err, context.Cause(ctx)))
		}
	}
}

// hear asks the kernel for its name and waits until it is heard to be idle again.
func (c *Client) hear(ctx context.Context) error {
	idle := make(chan struct{})
	p := &pending{reply: make(chan wire.Message, 1), event: func(m wire.Message) {
		if stateOf(m) == "idle" {
			close(idle)
		}
	}}
	id, err := c.send(wire.Shell, "kernel_info_request", struct{}{}, p)
	if err != nil {
		return err
	}
	defer c.forget(id)
	if _, err := c.await(ctx, wire.Shell, "kernel_info_request", p.reply); err != nil {
		return err
	}
	select {
	case <-idle:
		return nil
	case <-c.gone[wire.IOPub]:
		return ErrGone
	case <-ctx.Done():
		return fmt.Errorf("wait for the kernel's broadcasts: %w", ctx.Err())
	}
}

// Watch calls f with every message that is broadcast from now on, whoever caused
// it, in order; f must not block.
func (c *Client) Watch(f func(wire.Message)) {
	c.mu.Lock()
	c.watch = f
	c.mu.Unlock()
}

func (c *Client) read(channel wire.Channel, conn *wire.Conn) {
	for {
		m, err := conn.Recv()
		var refused *wire.RefusedError
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return
		}
		c.dispatch(channel, m)
	}
}

func (c *Client) dispatch(channel wire.Channel, m wire.Message) {
	c.mu.Lock()
	p, watch := c.waiting[m.ParentID()], c.watch
	c.mu.Unlock()
	switch channel {
	case wire.IOPub:
		if watch != nil {
			watch(m)
		}
		if p != nil && p.event != nil {
			p.event(m)
		}
	case wire.Stdin:
		if p != nil && p.ask != nil && m.Type == "input_request" {
			go c.answer(m, p.ask)
		}
	default:
		if p == nil {
			return
		}
		select {
		case p.reply <- m:
		default: // a second reply, which no kernel should send
		}
	}
}

// send sends a request whose answers go to p.
func (c *Client) send(channel wire.Channel, kind string, content any, p *pending) (id string, err error) {
	m, err := wire.New(c.session, kind, nil, content)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	c.waiting[m.ID] = p
	c.mu.Unlock()
	if err := c.conns[channel].Send(m); err != nil {
		c.forget(m.ID)
		return "", fmt.Errorf("send %s: %w", kind, err)
	}
	return m.ID, nil
}

func (c *Client) forget(id string) {
	c.mu.Lock()
	delete(c.waiting, id)
	c.mu.Unlock()
}

// Ask sends a request on the shell or the control channel and waits for its reply.
func (c *Client) Ask(ctx context.Context, channel wire.Channel, kind string, content any) (wire.Message, error) {
	p := &pending{reply: make(chan wire.Message, 1)}
	id, err := c.send(channel, kind, content, p)
	if err != nil {
		return wire.Message{}, err
	}
	defer c.forget(id)
	return c.await(ctx, channel, kind, p.reply)
}

func (c *Client) await(ctx context.Context, channel wire.Channel, kind string, reply <-chan wire.Message) (wire.Message, error) {
	select {
	case m := <-reply:
		return m, nil
	case <-c.gone[channel]:
		select { // the reply may have been the last message
		case m := <-reply:
			return m, nil
		default:
			return wire.Message{}, fmt.Errorf("wait for the reply to %s: %w", kind, ErrGone)
		}
	case <-ctx.Done():
		return wire.Message{}, fmt.Errorf("wait for the reply to %s: %w", kind, ctx.Err())
	}
}

// Publish sends a message that has no reply, such as comm_open, and returns its
// msg_id.
func (c *Client) Publish(kind string, content any) (string, error) {
	m, err := wire.New(c.session, kind, nil, content)
	if err != nil {
		return "", err
	}
	return m.ID, c.conns[wire.Shell].Send(m)
}

// question is the content of an input_request.
type question struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

func (c *Client) answer(m wire.Message, ask func(question) string) {
	var q question
	if m.Decode(&q) != nil {
		return
	}
	reply, err := wire.New(c.session, "input_reply", m.Raw, map[string]string{"status": "ok", "value": ask(q)})
	if err == nil {
		// When the connection is gone, so is the cell that asked.
		_ = c.conns[wire.Stdin].Send(reply)
	}
}

// Close closes the connections; the kernel goes on.
func (c *Client) Close() {
	for _, conn := range c.conns {
		conn.Close()
	}
	c.readers.Wait()
}

// decode is m's content as a T.
func decode[T any](m wire.Message, err error) (T, error) {
	var content T
	if err != nil {
		return content, err
	}
	return content, json.Unmarshal(m.Content, &content)
}
