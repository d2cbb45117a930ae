// Package jupyter is the kernel's end of Jupyter's messaging protocol (version
// 5.4): it listens on the five sockets of a connection file, answers what front
// ends ask, and broadcasts what a cell shows.
//
// It knows no Go code and no notebook. What a request means is up to a Handler;
// messages and connections are package wire's.
//
// A shell request that runs a cell waits for its turn. Quick requests (completion,
// inspection, history and so on) are answered while a cell runs, and control requests
// and heartbeats never wait for either.
package jupyter

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"locuslab/kernel/comm"
	"locuslab/kernel/jupyter/wire"
)

// Options describe the kernel to front ends.
type Options struct {
	Info    Info
	History string       // folder of the history of all sessions; "" keeps it in memory
	Comms   *comm.Router // nil for one that refuses all comms
	Log     *slog.Logger
}

const (
	// lastWords is how long the end waits for front ends to read the last messages.
	lastWords = 2 * time.Second
	// lastCell is how long the end waits for an interrupted cell.
	lastCell = time.Second
)

// Server is a kernel on its sockets.
type Server struct {
	handler Handler
	info    Info
	log     *slog.Logger
	session string // of the messages that the kernel sends
	history *history

	comms *comm.Router
	iopub *publisher
	stdin *stdin
	cells *cellQueue
	quick *requestQueue
	// debugs are requests of the debugger; debugging tells that it is on.
	debugs    *requestQueue
	debugging atomic.Bool

	listeners []*wire.Listener
	end       context.CancelFunc // ends Serve
	wg        sync.WaitGroup
}

// Serve runs a kernel on the sockets of connection until ctx ends or a front end
// asks for a shutdown, which are no errors. When it returns, no goroutine, no
// socket and no running cell is left of it, unless the cell did not heed the
// interrupt within a second.
func Serve(ctx context.Context, connection wire.Connection, h Handler, o Options) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	past, err := openHistory(o.History)
	if err != nil {
		// A kernel without yesterday's history is better than none.
		log.Warn("history of earlier sessions is not available", "err", err)
	}
	s := &Server{
		handler: h, info: o.Info, log: log, session: rand.Text(), history: past,
		cells: newCellQueue(), quick: newRequestQueue(), debugs: newRequestQueue(), end: end,
	}
	s.iopub = newPublisher(s.session, log)
	if s.comms = o.Comms; s.comms == nil {
		s.comms = comm.NewRouter()
	}
	s.comms.Attach(s.commSend)
	s.stdin = newStdin(s.session)
	if err := s.listen(connection); err != nil {
		return err
	}
	s.wg.Go(func() { s.quick.serve(ctx, s.answer) })
	if v, ok := h.(VariableHandler); ok {
		s.wg.Go(func() { s.debugs.serve(ctx, func(r request) { s.debug(ctx, r, v) }) })
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.runCells(ctx)
	}()
	<-ctx.Done()
	s.stdin.cancel()
	h.Interrupt()
	var stuck error
	select {
	case <-ended:
	case <-time.After(lastCell):
		stuck = errors.New("the running cell did not end when it was interrupted")
	}
	s.close()
	s.wg.Wait()
	return stuck
}

// listen binds the five channels and starts to read from them.
func (s *Server) listen(connection wire.Connection) error {
	serve := map[wire.Channel]func(*wire.Conn){
		wire.Shell:     func(c *wire.Conn) { s.read(c, s.shell) },
		wire.Control:   func(c *wire.Conn) { s.read(c, s.control) },
		wire.Stdin:     func(c *wire.Conn) { s.stdin.serve(c, s.log) },
		wire.IOPub:     s.iopub.serve,
		wire.Heartbeat: beat,
	}
	for channel := range serve {
		l, err := wire.Listen(connection, channel, s.log)
		if err != nil {
			s.close()
			return fmt.Errorf("start the kernel: %w", err)
		}
		s.listeners = append(s.listeners, l)
		s.wg.Go(func() { l.Serve(serve[channel]) })
	}
	return nil
}

func (s *Server) close() {
	var closing sync.WaitGroup
	for _, l := range s.listeners {
		closing.Go(func() { l.Close(lastWords) })
	}
	closing.Wait()
}

// request is a message that wants an answer, and where to.
type request struct {
	wire.Message
	from *wire.Conn
}

// read hands the messages of a connection on until it is closed.
func (s *Server) read(c *wire.Conn, handle func(request)) {
	for {
		m, err := c.Recv()
		var refused *wire.RefusedError
		if errors.As(err, &refused) {
			s.log.Warn("ignore a message", "err", err)
			continue
		}
		if err != nil {
			return
		}
		handle(request{m, c})
	}
}

// reply answers r on the connection it came from.
func (s *Server) reply(r request, kind string, content any) {
	m, err := wire.New(s.session, kind, r.Raw, content)
	if err == nil {
		m.Topic = r.Topic
		err = r.from.Send(m)
	}
	if err != nil { // the front end has gone, and nobody waits for the answer
		s.log.Debug("answer a request", "type", r.Type, "err", err)
	}
}

// ok is the content of a reply that has nothing else to say.
type ok struct {
	Status string `json:"status"`
}

// failed is the content of a reply to a request that cannot be fulfilled.
type failed struct {
	Status    string   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func refuse(name, value string) failed {
	return failed{Status: "error", Name: name, Value: value, Traceback: []string{}}
}
