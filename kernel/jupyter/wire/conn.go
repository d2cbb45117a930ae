package wire

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

const (
	handshakeTime = 10 * time.Second
	// maxQueued bounds what waits for a peer that reads slower than we send.
	maxQueued = 64 << 20
	// stallTime is how long such a peer may read nothing at all before it is let go,
	// so that a front end that hangs does not hang the cell that prints.
	stallTime = 15 * time.Second
)

// Conn is one ZeroMQ connection with one peer. Send and Close may be called from
// any goroutine, Recv from one.
type Conn struct {
	zmq   *zmq4.Conn
	guard *guard
	key   []byte

	mu      sync.Mutex
	queue   [][][]byte
	queued  int    // bytes in queue and in the batch being written
	written uint64 // messages written; tells a slow peer from one that hangs
	closing bool   // no more is queued; the writer closes when it is through
	wake    chan struct{}
	room    chan struct{}
	done    chan struct{} // closed when the connection is
	once    sync.Once
	flushed chan struct{} // closed when the writer has ended
}

// open speaks the ZMTP handshake over raw, which it closes on failure.
func open(raw net.Conn, key string, role zmq4.SocketType, identity string, server bool) (c *Conn, err error) {
	defer func() {
		// zmq4 panics on some malformed handshakes.
		if p := recover(); p != nil {
			err = fmt.Errorf("ZMTP handshake with %s: malformed: %v", raw.RemoteAddr(), p)
		}
		if err != nil {
			raw.Close()
		}
	}()
	raw.SetDeadline(time.Now().Add(handshakeTime))
	g := newGuard(raw)
	z, err := zmq4.Open(g, null.Security(), role, zmq4.SocketIdentity(identity), server, nil)
	if err != nil {
		return nil, fmt.Errorf("ZMTP handshake with %s: %w", raw.RemoteAddr(), err)
	}
	raw.SetDeadline(time.Time{})
	g.opened()
	c = &Conn{
		zmq: z, guard: g, key: []byte(key),
		wake: make(chan struct{}, 1), room: make(chan struct{}, 1),
		done: make(chan struct{}), flushed: make(chan struct{}),
	}
	go c.write()
	return c, nil
}

// Identity is the name that the peer gave itself, the same on its shell and
// stdin connections; it may be empty.
func (c *Conn) Identity() string { return c.zmq.Peer.Meta["Identity"] }

// Done is closed when the connection is.
func (c *Conn) Done() <-chan struct{} { return c.done }

// RefusedError is a message that was received and not accepted; the connection
// goes on.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return "message refused: " + e.Err.Error() }
func (e *RefusedError) Unwrap() error { return e.Err }

// Recv waits for the next message. After a *RefusedError it may be called again,
// after any other error the connection is closed.
func (c *Conn) Recv() (Message, error) {
	frames, err := c.RecvFrames()
	if err != nil {
		return Message{}, err
	}
	m, err := parse(c.key, frames)
	if err != nil {
		return Message{}, &RefusedError{err}
	}
	return m, nil
}

// RecvFrames waits for the next message as frames, which have no signature:
// subscriptions and heartbeats.
func (c *Conn) RecvFrames() ([][]byte, error) {
	msg, err := c.zmq.RecvMsg()
	if err != nil {
		c.Close()
		return nil, err
	}
	return msg.Frames, nil
}

// Send queues a message. It waits only when the peer reads so slowly that 64 MiB
// are queued already, and fails when the connection is closed.
func (c *Conn) Send(m Message) error {
	frames, err := m.frames(c.key)
	if err != nil {
		return err
	}
	return c.SendFrames(frames)
}

// SendFrames queues a message made of frames alone.
func (c *Conn) SendFrames(frames [][]byte) error {
	size := 0
	for _, f := range frames {
		size += len(f) + 9
	}
	for {
		c.mu.Lock()
		if c.closing {
			c.mu.Unlock()
			return net.ErrClosed
		}
		if c.queued == 0 || c.queued+size <= maxQueued {
			c.queue = append(c.queue, frames)
			c.queued += size
			c.mu.Unlock()
			signal(c.wake)
			return nil
		}
		before := c.written
		c.mu.Unlock()
		if err := c.awaitRoom(before); err != nil {
			return err
		}
	}
}

// awaitRoom waits until a message has left, or lets a peer go that reads nothing.
func (c *Conn) awaitRoom(before uint64) error {
	stall := time.NewTimer(stallTime)
	defer stall.Stop()
	select {
	case <-c.room:
		return nil
	case <-c.done:
		return net.ErrClosed
	case <-stall.C:
	}
	c.mu.Lock()
	moved := c.written != before
	c.mu.Unlock()
	if moved {
		return nil
	}
	c.Close()
	return fmt.Errorf("peer %s has read nothing for %v: connection closed", c.guard.RemoteAddr(), stallTime)
}

// write sends what is queued, many messages in one system call where they come
// fast, until the connection is closed.
func (c *Conn) write() {
	defer close(c.flushed)
	defer c.shut()
	for {
		c.mu.Lock()
		batch, closing := c.queue, c.closing
		c.queue = nil
		c.mu.Unlock()
		if len(batch) == 0 {
			if closing {
				return
			}
			select {
			case <-c.wake:
			case <-c.done:
				return
			}
			continue
		}
		for _, frames := range batch {
			if c.zmq.SendMsg(zmq4.NewMsgFrom(frames...)) != nil {
				return
			}
			c.wrote(frames)
		}
		if c.guard.flush() != nil {
			return
		}
	}
}

func (c *Conn) wrote(frames [][]byte) {
	c.mu.Lock()
	for _, f := range frames {
		c.queued -= len(f) + 9
	}
	c.written++
	c.mu.Unlock()
	signal(c.room)
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// Drain takes no more messages, waits until those queued are sent, at most for
// limit, and closes the connection.
func (c *Conn) Drain(limit time.Duration) error {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	signal(c.wake)
	select {
	case <-c.flushed:
		return nil
	case <-time.After(limit):
		c.Close()
		return errors.New("peer did not read the last messages in time")
	}
}

// Close closes the connection at once, messages in the queue are lost. When it
// returns, no goroutine of the connection is left.
func (c *Conn) Close() {
	c.shut()
	<-c.flushed
}

func (c *Conn) shut() {
	c.once.Do(func() {
		c.mu.Lock()
		c.closing = true
		c.mu.Unlock()
		close(c.done)
		c.zmq.Close()
	})
}
