// Package gonbcomm connects package gonbui, by which code in cells talks to scripts of
// the page that shows the notebook, with that page: values under addresses, both ways,
// over one comm that a script in the page opens.
//
// It knows the page and the comm, not how values get to the code in cells.
package gonbcomm

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"text/template"
	"time"

	"locuslab/kernel/comm"
	"locuslab/kernel/display"
)

// Target is the comm's; the page's script opens it.
const Target = "gonb_comm"

// The addresses that the page's script and this package use among themselves.
const (
	opened = "#comm_open_ack"
	ping   = "#heartbeat/ping"
	pong   = "#heartbeat/pong"
	ran    = "#ran"
)

const (
	connectWithin = 5 * time.Second // for a page to load the script and answer
	trustFor      = time.Second     // a page that was heard of so lately is there
	answerWithin  = 2 * time.Second
)

// ErrNoPage says that nothing answers.
var ErrNoPage = errors.New("no page answers: gonbui's widgets, dom and comms need the notebook to be open in a browser, as in JupyterLab")

//go:embed page.js
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// A Bridge is the connection of one kernel. Its methods may be called from any goroutine.
type Bridge struct {
	router   *comm.Router
	kernelID string

	connecting sync.Mutex // held by Connect

	mu         sync.Mutex
	id         string // of the comm; empty while there is none
	heard      time.Time
	arrived    chan struct{} // closed when the page opens the comm
	answered   chan struct{} // closed when it answers a ping
	subscribed map[string]bool
	deliver    func(address string, value any)
	receipts   map[int]chan struct{} // each closed when the page has sent the receipt with its number
	lastNumber int
}

// New returns the bridge of the kernel that Jupyter knows by an id, empty if that is not
// known.
func New(router *comm.Router, kernelID string) *Bridge {
	b := &Bridge{router: router, kernelID: kernelID, subscribed: map[string]bool{}, receipts: map[int]chan struct{}{}}
	router.Handle(Target, b)
	return b
}

// Attach makes deliver the way of values to the code in cells, which has subscribed to
// nothing yet. It must not wait.
func (b *Bridge) Attach(deliver func(address string, value any)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deliver = deliver
	clear(b.subscribed)
}

// Connect makes sure that a page is there. It shows the page's script, and takes it away
// when that has answered.
func (b *Bridge) Connect(ctx context.Context, show func(display.Bundle)) error {
	b.connecting.Lock()
	defer b.connecting.Unlock()
	if !b.router.Attached() || b.kernelID == "" {
		return ErrNoPage
	}
	b.mu.Lock()
	isOpen, heard := b.id != "", b.heard
	b.mu.Unlock()
	if isOpen && (time.Since(heard) < trustFor || b.Heartbeat(ctx)) {
		return nil
	}
	b.mu.Lock()
	b.id = ""
	arrived := make(chan struct{})
	b.arrived = arrived
	b.mu.Unlock()
	var script bytes.Buffer
	if err := page.Execute(&script, struct{ KernelID string }{b.kernelID}); err != nil {
		return fmt.Errorf("write the page's script: %w", err)
	}
	shown := display.Bundle{ID: "gonb_comm_" + strconv.FormatInt(time.Now().UnixNano(), 36), Data: map[string]any{"text/html": "<script>" + script.String() + "</script>"}}
	show(shown)
	defer func() { // nothing of it is saved
		shown.Update, shown.Data = true, map[string]any{"text/html": ""}
		show(shown)
	}()
	select {
	case <-arrived:
		return nil
	case <-time.After(connectWithin):
		return ErrNoPage
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Heartbeat asks the page whether it is still there.
func (b *Bridge) Heartbeat(ctx context.Context) bool {
	b.mu.Lock()
	if b.id == "" {
		b.mu.Unlock()
		return false
	}
	answered := b.answered
	if answered == nil {
		answered = make(chan struct{})
		b.answered = answered
	}
	b.mu.Unlock()
	b.Send(ping, true)
	select {
	case <-answered:
		return true
	case <-time.After(answerWithin):
	case <-ctx.Done():
	}
	return false
}

// Receipt returns HTML that follows a script in an output, and a channel that is closed when
// the page has run both.
func (b *Bridge) Receipt() (html string, received <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lastNumber++
	done := make(chan struct{})
	b.receipts[b.lastNumber] = done
	return fmt.Sprintf("<script>globalThis.gonb_comm?.send(%q, %v)</script>", ran, b.lastNumber), done
}

// Send gives the page a value under an address.
func (b *Bridge) Send(address string, value any) {
	b.send(map[string]any{"address": address, "value": value})
}

// Request asks the page for its value under an address.
func (b *Bridge) Request(address string) {
	b.send(map[string]any{"address": address, "read_request": true})
}

func (b *Bridge) send(data map[string]any) {
	b.mu.Lock()
	id := b.id
	b.mu.Unlock()
	if text, err := json.Marshal(data); err == nil && id != "" { // what has come over a pipe can be written
		b.router.Send(comm.Message{Kind: comm.Data, ID: id, Data: text}, b)
	}
}

// Subscribe has values under an address delivered, or no longer.
func (b *Bridge) Subscribe(address string, on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if on {
		b.subscribed[address] = true
	} else {
		delete(b.subscribed, address)
	}
}

// Receive implements comm.Endpoint.
func (b *Bridge) Receive(m comm.Message) bool {
	switch m.Kind {
	case comm.Open:
		b.mu.Lock()
		if old := b.id; old != "" {
			defer b.router.Send(comm.Message{Kind: comm.Close, ID: old}, b)
		}
		b.id, b.heard = m.ID, time.Now()
		if b.arrived != nil {
			defer close(b.arrived)
			b.arrived = nil
		}
		b.mu.Unlock()
		b.Send(opened, true)
	case comm.Close:
		b.mu.Lock()
		if b.id == m.ID {
			b.id = ""
		}
		b.mu.Unlock()
	case comm.Data:
		b.take(m)
	}
	return true
}

func (b *Bridge) take(m comm.Message) {
	var data struct {
		Address string          `json:"address"`
		Value   json.RawMessage `json:"value"`
	}
	if json.Unmarshal(m.Data, &data) != nil {
		return
	}
	b.mu.Lock()
	if m.ID != b.id {
		b.mu.Unlock()
		return
	}
	b.heard = time.Now()
	deliver := b.deliver
	if !b.subscribed[data.Address] {
		deliver = nil
	}
	if data.Address == pong && b.answered != nil {
		close(b.answered)
		b.answered = nil
	}
	if number := 0; data.Address == ran && json.Unmarshal(data.Value, &number) == nil {
		if done := b.receipts[number]; done != nil {
			close(done)
			delete(b.receipts, number)
		}
	}
	b.mu.Unlock()
	if data.Address == ping {
		b.Send(pong, true)
		return
	}
	if value, ok := valueOf(data.Value); ok && deliver != nil {
		deliver(data.Address, value)
	}
}

// valueOf is a JSON value in one of the types that gonbui takes.
func valueOf(text json.RawMessage) (any, bool) {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return nil, false
	}
	switch v := value.(type) {
	case bool: // gonbui has none
		if v {
			return 1, true
		}
		return 0, true
	case string:
		return v, true
	case float64:
		return v, true
	case []any:
		if numbers, ok := all[float64](slices.Values(v)); ok {
			return numbers, true
		}
		return all[string](slices.Values(v))
	case map[string]any:
		if len(v) == 0 {
			return map[string]float64{}, true
		}
		keys := slices.Collect(maps.Keys(v))
		in := func(yield func(any) bool) {
			for _, k := range keys {
				if !yield(v[k]) {
					return
				}
			}
		}
		if numbers, ok := all[float64](in); ok {
			return zip(keys, numbers), true
		}
		texts, ok := all[string](in)
		return zip(keys, texts), ok
	}
	return nil, false
}

// all are values that are all of one type.
func all[T any](values func(func(any) bool)) (list []T, ok bool) {
	list = []T{}
	for v := range values {
		x, ok := v.(T)
		if !ok {
			return nil, false
		}
		list = append(list, x)
	}
	return list, true
}

func zip[T any](keys []string, values []T) map[string]T {
	m := map[string]T{}
	for i, v := range values {
		m[keys[i]] = v
	}
	return m
}
