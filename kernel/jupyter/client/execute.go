package client

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"locuslab/kernel/jupyter/wire"
)

// Cell is code to be executed. The zero value of each option is what a notebook
// asks for.
type Cell struct {
	Code      string
	Silent    bool
	NoHistory bool
	GoOn      bool // run the queued cells even when this one fails
	// Expressions are to be evaluated when the cell has succeeded, by name.
	Expressions map[string]string
	// Input answers the questions of the cell; nil when it may not ask.
	Input func(prompt string, password bool) string
	// Event, if not nil, is called with each broadcast of the cell as it arrives; it
	// must not block.
	Event func(wire.Message)
}

// Outcome is what became of a cell.
type Outcome struct {
	Status  string          // "ok", "error" or "aborted"
	Count   int             // execution_count
	Payload json.RawMessage // of the reply
	// Expressions are the values of the cell's Expressions, or how they failed.
	Expressions map[string]Expression
	Messages    []wire.Message // its broadcasts in order, from busy to idle
}

// Expression is what became of an expression that was sent with a cell.
type Expression struct {
	Status string // "ok", or "error" with a Failure
	Data   map[string]any
	Failure
}

// Failure is the content of an error message.
type Failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// Running is a cell that was sent.
type Running struct {
	client *Client
	id     string
	reply  chan wire.Message
	idle   chan struct{}

	mu       sync.Mutex
	messages []wire.Message
}

// Start sends a cell. Several may be under way; the kernel runs them in order.
func (c *Client) Start(cell Cell) (*Running, error) {
	r := &Running{client: c, reply: make(chan wire.Message, 1), idle: make(chan struct{})}
	p := &pending{reply: r.reply, event: func(m wire.Message) { r.event(m, cell.Event) }}
	if cell.Input != nil {
		p.ask = func(q question) string { return cell.Input(q.Prompt, q.Password) }
	}
	expressions := cell.Expressions
	if expressions == nil {
		expressions = map[string]string{}
	}
	id, err := c.send(wire.Shell, "execute_request", map[string]any{
		"code": cell.Code, "silent": cell.Silent, "store_history": !cell.NoHistory && !cell.Silent,
		"user_expressions": expressions, "allow_stdin": cell.Input != nil, "stop_on_error": !cell.GoOn,
	}, p)
	if err != nil {
		return nil, err
	}
	r.id = id
	return r, nil
}

func (r *Running) event(m wire.Message, each func(wire.Message)) {
	r.mu.Lock()
	r.messages = append(r.messages, m)
	r.mu.Unlock()
	if each != nil {
		each(m)
	}
	if stateOf(m) == "idle" {
		select {
		case <-r.idle:
		default:
			close(r.idle)
		}
	}
}

func stateOf(m wire.Message) string {
	var content struct {
		State string `json:"execution_state"`
	}
	if m.Type != "status" || m.Decode(&content) != nil {
		return ""
	}
	return content.State
}

// Wait returns when the kernel has answered and is idle again.
func (r *Running) Wait(ctx context.Context) (*Outcome, error) {
	defer r.client.forget(r.id)
	m, err := r.client.await(ctx, wire.Shell, "execute_request", r.reply)
	if err != nil {
		return nil, err
	}
	var content struct {
		Status      string
		Count       int `json:"execution_count"`
		Payload     json.RawMessage
		Expressions map[string]Expression `json:"user_expressions"`
	}
	if err := m.Decode(&content); err != nil {
		return nil, err
	}
	select {
	case <-r.idle:
	case <-r.client.gone[wire.IOPub]:
		return nil, fmt.Errorf("wait for the cell's last output: %w", ErrGone)
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the cell's last output: %w", ctx.Err())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Outcome{content.Status, content.Count, content.Payload, content.Expressions, r.messages}, nil
}

// Execute runs a cell and returns what became of it; that the cell failed is no
// error.
func (c *Client) Execute(ctx context.Context, cell Cell) (*Outcome, error) {
	r, err := c.Start(cell)
	if err != nil {
		return nil, err
	}
	return r.Wait(ctx)
}

// Run executes code as a notebook's cell.
func (c *Client) Run(ctx context.Context, code string) (*Outcome, error) {
	return c.Execute(ctx, Cell{Code: code})
}

// Visible are the broadcasts that a front end still shows in the end: those after
// the last clear_output. The progress of building a worker goes by that way.
func (o *Outcome) Visible() []wire.Message {
	for i := len(o.Messages) - 1; i >= 0; i-- {
		if o.Messages[i].Type == "clear_output" {
			return o.Messages[i+1:]
		}
	}
	return o.Messages
}

// Stream is all visible text that the cell wrote to "stdout" or "stderr".
func (o *Outcome) Stream(name string) string {
	var text strings.Builder
	for _, m := range o.Visible() {
		var content struct{ Name, Text string }
		if m.Type == "stream" && m.Decode(&content) == nil && content.Name == name {
			text.WriteString(content.Text)
		}
	}
	return text.String()
}

// Result is the cell's value in a MIME type, "" when there is none.
func (o *Outcome) Result(mime string) string { return o.shown("execute_result", mime) }

// Display is the first display of the cell in a MIME type, "" when there is none.
func (o *Outcome) Display(mime string) string { return o.shown("display_data", mime) }

func (o *Outcome) shown(kind, mime string) string {
	for _, m := range o.Messages {
		var content struct{ Data map[string]any }
		if m.Type != kind || m.Decode(&content) != nil {
			continue
		}
		if text, isText := content.Data[mime].(string); isText {
			return text
		}
	}
	return ""
}

// Failure is how the cell failed; nil when it did not.
func (o *Outcome) Failure() *Failure {
	for _, m := range o.Messages {
		var f Failure
		if m.Type == "error" && m.Decode(&f) == nil {
			return &f
		}
	}
	return nil
}

// Types lists the types of the broadcasts in order, those of status messages with
// their state.
func (o *Outcome) Types() []string {
	var types []string
	for _, m := range o.Messages {
		if state := stateOf(m); state != "" {
			types = append(types, state)
		} else {
			types = append(types, m.Type)
		}
	}
	return types
}

// String sums the outcome up for a log.
func (o *Outcome) String() string {
	text := fmt.Sprintf("%s, In[%d], messages %v", o.Status, o.Count, o.Types())
	if f := o.Failure(); f != nil {
		text += fmt.Sprintf(", failed: %s: %s", f.Name, f.Value)
	}
	return text
}
