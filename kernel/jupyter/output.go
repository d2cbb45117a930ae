package jupyter

import (
	"context"
	"strings"
	"sync"
	"time"

	"locuslab/kernel/display"
)

const (
	// flushAfter is how long a written text may wait for more, so that a loop that
	// prints does not send a message a line.
	flushAfter = 25 * time.Millisecond
	// flushSize is the length of a text that waits no longer.
	flushSize = 128 << 10
)

// output is where a cell shows what it shows: messages of the request that runs
// it. Unlike the display.Output that it is, it may be used by any goroutine,
// because the goroutines that a cell leaves behind go on beside the next cell.
type output struct {
	server  *Server
	request request
	count   int
	silent  bool
	stdin   bool // the front end answers questions

	mu      sync.Mutex
	stream  display.Stream
	text    strings.Builder
	timer   *time.Timer
	result  string // text of the value shown, for the history
	payload []page
}

// page is a payload of the reply: text for the front end's pager, or for the cell.
type page struct {
	Source string         `json:"source"`
	Data   map[string]any `json:"data,omitempty"`
	Start  int            `json:"start"`

	Text    string `json:"text,omitempty"` // of the cell, for set_next_input
	Replace bool   `json:"replace,omitempty"`
}

func (o *output) Write(stream display.Stream, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if stream != o.stream {
		o.flush()
		o.stream = stream
	}
	for o.text.Len()+len(text) > flushSize {
		cut := display.Whole(text[:flushSize-o.text.Len()])
		o.text.WriteString(text[:cut])
		text = text[cut:]
		o.flush()
	}
	o.text.WriteString(text)
	if o.timer == nil && o.text.Len() > 0 {
		o.timer = time.AfterFunc(flushAfter, func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.flush()
		})
	}
}

// flush sends the text that waits; o.mu is held.
func (o *output) flush() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if o.text.Len() == 0 {
		return
	}
	o.publish("stream", map[string]any{"name": string(o.stream), "text": o.text.String()})
	o.text.Reset()
}

func (o *output) publish(kind string, content any) {
	o.server.iopub.publish(o.request.Raw, kind, content)
}

func (o *output) Display(b display.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	kind := "display_data"
	if b.Update {
		kind = "update_display_data"
	}
	o.publish(kind, bundleContent(b))
}

func (o *output) Result(b display.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.result, _ = b.Data["text/plain"].(string)
	if o.silent {
		return
	}
	content := bundleContent(b)
	content["execution_count"] = o.count
	o.publish("execute_result", content)
}

func (o *output) Clear(wait bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.publish("clear_output", map[string]any{"wait": wait})
}

func (o *output) Page(b display.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.payload = append(o.payload, page{Source: "page", Data: mimeData(b.Data)})
}

// ReplaceCell implements display.Editor.
func (o *output) ReplaceCell(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.payload = append(o.payload, page{Source: "set_next_input", Text: text, Replace: true})
}

func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.stdin {
		return "", errNoInput
	}
	o.mu.Lock()
	o.flush()
	o.mu.Unlock()
	return o.server.stdin.ask(ctx, o.request, prompt, password)
}

// fail shows how the cell failed.
func (o *output) fail(f *display.Failure) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.publish("error", map[string]any{"ename": f.Name, "evalue": f.Value, "traceback": traceback(f)})
}

// finish sends what waits and returns what belongs into the reply and the history.
func (o *output) finish() (payload []page, result string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	if o.payload == nil {
		return []page{}, o.result
	}
	return o.payload, o.result
}
