package jupyter

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"

	"locuslab/kernel/jupyter/wire"
)

// publisher is the iopub channel: what happens in the kernel, for every front end
// that has subscribed.
type publisher struct {
	session string
	log     *slog.Logger

	mu          sync.Mutex
	subscribers map[*wire.Conn]map[string]struct{} // to the prefixes of topics they want
	running     json.RawMessage                    // header of the request of the running cell
	comm        json.RawMessage                    // and of the newest message of a comm
}

func newPublisher(session string, log *slog.Logger) *publisher {
	return &publisher{session: session, log: log, subscribers: map[*wire.Conn]map[string]struct{}{}}
}

// serve follows the subscriptions of a front end.
func (p *publisher) serve(c *wire.Conn) {
	p.mu.Lock()
	p.subscribers[c] = map[string]struct{}{}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.subscribers, c)
		p.mu.Unlock()
	}()
	for {
		frames, err := c.RecvFrames()
		if err != nil {
			return
		}
		if len(frames) != 1 || len(frames[0]) == 0 {
			continue
		}
		switch topic := string(frames[0][1:]); frames[0][0] {
		case 0:
			p.mu.Lock()
			delete(p.subscribers[c], topic)
			p.mu.Unlock()
		case 1:
			p.mu.Lock()
			p.subscribers[c][topic] = struct{}{}
			p.welcome(c, topic)
			p.mu.Unlock()
		}
	}
}

// welcome tells a subscriber, and only it, that from now on it misses nothing
// (Jupyter enhancement proposal 65).
func (p *publisher) welcome(c *wire.Conn, topic string) {
	m, err := wire.New(p.session, "iopub_welcome", nil, map[string]string{"subscription": topic})
	if err != nil {
		p.log.Error("welcome a subscriber", "err", err)
		return
	}
	m.Topic = [][]byte{[]byte(topic)}
	p.send(c, m)
}

// publish broadcasts one message. Messages reach every subscriber in the order of
// the calls.
func (p *publisher) publish(parent json.RawMessage, kind string, content any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.publishLocked(parent, kind, content)
}

func (p *publisher) publishLocked(parent json.RawMessage, kind string, content any) {
	m, err := wire.New(p.session, kind, parent, content)
	if err != nil {
		p.log.Error("a message cannot be sent", "type", kind, "err", err)
		return
	}
	p.broadcast(m)
}

// broadcast sends a message to all who have subscribed to it; p.mu is held.
func (p *publisher) broadcast(m wire.Message) {
	topic := "kernel." + p.session + "." + m.Type
	m.Topic = [][]byte{[]byte(topic)}
	for c, wants := range p.subscribers {
		for prefix := range wants {
			if strings.HasPrefix(topic, prefix) {
				p.send(c, m)
				break
			}
		}
	}
}

func (p *publisher) send(c *wire.Conn, m wire.Message) {
	if err := c.Send(m); err != nil {
		p.log.Debug("publish", "type", m.Type, "err", err)
	}
}

// state is the content of a status message.
type state struct {
	Execution string `json:"execution_state"`
}

// busy and idle frame what a request does. Front ends show the latest state, of
// whatever request, as that of the kernel; so a quick request that ends beside a
// running cell is followed by the cell's busy again.
func (p *publisher) busy(r request) { p.publish(r.Raw, "status", state{"busy"}) }

func (p *publisher) idle(r request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.publishLocked(r.Raw, "status", state{"idle"})
	if p.running != nil {
		p.publishLocked(p.running, "status", state{"busy"})
	}
}

// cellBusy and cellIdle are busy and idle of a cell.
func (p *publisher) cellBusy(r request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = r.Raw
	p.publishLocked(r.Raw, "status", state{"busy"})
}

func (p *publisher) cellIdle(r request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = nil
	p.publishLocked(r.Raw, "status", state{"idle"})
}
