package wire

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
)

const (
	greetingSize = 64 // bytes of a ZMTP 3 greeting, which comes before the first frame

	flagMore    = 1
	flagLong    = 2
	flagCommand = 4

	// maxMessage bounds a message, so that a peer cannot make the process allocate
	// what it merely announces. Widgets send images and arrays of tens of megabytes.
	maxMessage = 1 << 30
	// maxHandshake bounds the frames of the handshake.
	maxHandshake = 64 << 10
)

// guard is the byte stream under a ZMTP connection. It follows the frame headers
// that pass and refuses a message that is too long before anything is allocated
// for it, and it collects the many small writes of a message into one.
type guard struct {
	net.Conn
	r     *bufio.Reader
	w     *bufio.Writer
	left  uint64 // bytes up to the next frame header
	total uint64 // bytes of the message so far
	limit uint64 // bytes that a message may have
	more  bool   // the frame belongs to a message that goes on
	open  bool   // the handshake is over
}

func newGuard(c net.Conn) *guard {
	return &guard{
		Conn: c, r: bufio.NewReaderSize(c, 32<<10), w: bufio.NewWriterSize(c, 32<<10),
		left: greetingSize, limit: maxHandshake,
	}
}

func (g *guard) Read(p []byte) (int, error) {
	if g.left == 0 {
		if err := g.header(); err != nil {
			return 0, err
		}
	}
	if uint64(len(p)) > g.left {
		p = p[:g.left]
	}
	n, err := g.r.Read(p)
	g.left -= uint64(n)
	return n, err
}

// header looks at the header of the next frame, which stays to be read.
func (g *guard) header() error {
	head, err := g.r.Peek(2)
	if err != nil {
		return err
	}
	flags, size, headSize := head[0], uint64(head[1]), uint64(2)
	if flags&flagLong != 0 {
		if head, err = g.r.Peek(9); err != nil {
			return err
		}
		size, headSize = binary.BigEndian.Uint64(head[1:]), 9
	}
	if g.open && flags&flagCommand != 0 {
		// Version 3.0, which zmq4 announces, has none, and zmq4 would answer a PING
		// in the middle of what the writer is sending.
		return fmt.Errorf("peer %s sent a ZMTP command after the handshake", g.RemoteAddr())
	}
	if !g.more {
		g.total = 0
	}
	g.more = flags&flagMore != 0
	// An empty frame costs memory too, so each counts its header.
	if size > g.limit || g.total+size+headSize > g.limit {
		return fmt.Errorf("peer %s announces a message of more than %d bytes", g.RemoteAddr(), g.limit)
	}
	g.total += size + headSize
	g.left = size + headSize
	return nil
}

// Write collects what is written until flush; in the handshake, where each side
// waits for the other's words, it leaves at once.
func (g *guard) Write(p []byte) (int, error) {
	if !g.open {
		return g.Conn.Write(p)
	}
	return g.w.Write(p)
}

func (g *guard) flush() error { return g.w.Flush() }

// opened ends the handshake: its bounds are lifted to those of messages.
func (g *guard) opened() { g.open, g.limit = true, maxMessage }
