package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// kernelRole and clientRole are the ZeroMQ socket types at the two ends.
var (
	kernelRole = map[Channel]zmq4.SocketType{
		Shell: zmq4.Router, Control: zmq4.Router, Stdin: zmq4.Router, IOPub: zmq4.XPub, Heartbeat: zmq4.Rep,
	}
	clientRole = map[Channel]zmq4.SocketType{
		Shell: zmq4.Dealer, Control: zmq4.Dealer, Stdin: zmq4.Dealer, IOPub: zmq4.Sub, Heartbeat: zmq4.Req,
	}
)

// Listener accepts the connections of one channel of a kernel.
type Listener struct {
	channel Channel
	key     string
	l       net.Listener
	log     *slog.Logger
	life    context.Context
	end     context.CancelFunc

	mu     sync.Mutex
	conns  map[*Conn]struct{}
	closed bool
	wg     sync.WaitGroup
}

// Listen binds a channel. It fails when the port is taken.
func Listen(c Connection, channel Channel, log *slog.Logger) (*Listener, error) {
	network, address := c.address(channel)
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("listen for %s messages on %s: %w", channel, address, err)
	}
	life, end := context.WithCancel(context.Background())
	return &Listener{channel: channel, key: c.Key, l: l, log: log, life: life, end: end, conns: map[*Conn]struct{}{}}, nil
}

// Serve calls handle, in a goroutine of its own, for each connection that has
// passed the handshake, and closes the connection when handle returns. It returns
// when the listener is closed.
func (l *Listener) Serve(handle func(*Conn)) {
	for {
		raw, err := l.l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of file descriptors, for one: it passes
			l.log.Warn("accept a connection", "channel", l.channel, "err", err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		l.mu.Lock()
		if l.closed {
			l.mu.Unlock()
			raw.Close()
			return
		}
		l.wg.Add(1)
		l.mu.Unlock()
		go func() {
			defer l.wg.Done()
			l.serve(raw, handle)
		}()
	}
}

func (l *Listener) serve(raw net.Conn, handle func(*Conn)) {
	stop := context.AfterFunc(l.life, func() { raw.Close() }) // closing ends a handshake too
	c, err := open(raw, l.key, kernelRole[l.channel], "", true)
	stop()
	if err != nil {
		l.log.Debug("refuse a connection", "channel", l.channel, "err", err)
		return
	}
	defer c.Close()
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.conns[c] = struct{}{}
	l.mu.Unlock()
	handle(c)
	l.mu.Lock()
	delete(l.conns, c)
	l.mu.Unlock()
}

// Close stops accepting, sends what is queued on each connection, at most for
// limit, and closes them. When it returns, nothing of the listener is left.
func (l *Listener) Close(limit time.Duration) {
	l.l.Close()
	l.mu.Lock()
	l.closed = true
	conns := make([]*Conn, 0, len(l.conns))
	for c := range l.conns {
		conns = append(conns, c)
	}
	l.mu.Unlock()
	l.end()
	var drains sync.WaitGroup
	for _, c := range conns {
		drains.Go(func() {
			if err := c.Drain(limit); err != nil {
				l.log.Debug("close a connection", "channel", l.channel, "err", err)
			}
		})
	}
	drains.Wait()
	l.wg.Wait()
}

// Dial connects, as a front end named identity, to a channel of a kernel.
func Dial(ctx context.Context, c Connection, channel Channel, identity string) (*Conn, error) {
	network, address := c.address(channel)
	raw, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("connect to the kernel's %s channel: %w", channel, err)
	}
	return open(raw, c.Key, clientRole[channel], identity, false)
}
