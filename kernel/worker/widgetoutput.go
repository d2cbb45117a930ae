package worker

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"locuslab/kernel/display"
)

// refreshEvery is how often an output widget that is written to is drawn anew.
const refreshEvery = 50 * time.Millisecond

// widgetOutput is the display.Output of what goes to an output widget: the outputs, in
// the notebook format, are its state. What it showed before stays until there is
// something new, or until it is closed.
type widgetOutput struct {
	update func(state any)

	mu      sync.Mutex
	outputs []map[string]any
	timer   *time.Timer
	closed  bool
}

func newWidgetOutput(update func(state any)) *widgetOutput {
	return &widgetOutput{update: update, outputs: []map[string]any{}}
}

// changed draws the widget soon; w.mu is held.
func (w *widgetOutput) changed() {
	if w.timer == nil && !w.closed {
		w.timer = time.AfterFunc(refreshEvery, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.timer = nil; !w.closed {
				w.draw()
			}
		})
	}
}

func (w *widgetOutput) draw() { w.update(map[string]any{"outputs": w.outputs}) }

// close draws what there is and returns it, as JSON.
func (w *widgetOutput) close() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.draw()
	text, err := json.Marshal(w.outputs)
	if err != nil {
		return "[]"
	}
	return string(text)
}

func (w *widgetOutput) Write(stream display.Stream, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.outputs); n > 0 && w.outputs[n-1]["name"] == string(stream) {
		w.outputs[n-1]["text"] = w.outputs[n-1]["text"].(string) + text
	} else {
		w.outputs = append(w.outputs, map[string]any{"output_type": "stream", "name": string(stream), "text": text})
	}
	w.changed()
}

func (w *widgetOutput) Display(b display.Bundle) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.changed()
	data := map[string]any{}
	for mime, content := range b.Data {
		if raw, isBytes := content.([]byte); isBytes {
			content = base64.StdEncoding.EncodeToString(raw)
		}
		data[mime] = content
	}
	metadata := b.Metadata
	if metadata == nil {
		metadata = map[string]any{}
	}
	output := map[string]any{"output_type": "display_data", "data": data, "metadata": metadata}
	if b.ID != "" {
		output["transient"] = map[string]any{"display_id": b.ID}
		for i, o := range w.outputs {
			if t, ok := o["transient"].(map[string]any); b.Update && ok && t["display_id"] == b.ID {
				w.outputs[i] = output
				return
			}
		}
	}
	w.outputs = append(w.outputs, output)
}

func (w *widgetOutput) Result(b display.Bundle) { w.Display(b) }

func (w *widgetOutput) Clear(bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outputs = []map[string]any{}
	w.changed()
}

func (w *widgetOutput) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("a widget's callback cannot ask for input")
}
