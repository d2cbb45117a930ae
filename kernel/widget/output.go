package widget

import (
	"encoding/json"

	"locuslab/kernel/incell"
)

// An OutputWidget shows what code prints and displays.
type OutputWidget struct{ *model }

// Output is a place for what code prints and displays.
func Output() *OutputWidget {
	return &OutputWidget{newModel("@jupyter-widgets/output", "1.0.0", "Output", "Output", "", map[string]any{"msg_id": "", "outputs": []any{}})}
}

// Capture runs f and has all that is printed and displayed meanwhile go to the widget, in
// place of what is there. A panic is told there, too.
func (o *OutputWidget) Capture(f func()) {
	outputs := incell.Capture(o.id, f)
	if outputs == nil {
		outputs = json.RawMessage("[]")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.state["outputs"] = outputs // the page has them
}

// outputs are what the widget shows.
func (o *OutputWidget) outputs() (list []struct {
	Data map[string]any `json:"data"`
}) {
	raw, _ := o.get("outputs").(json.RawMessage)
	_ = json.Unmarshal(raw, &list) // what the kernel has written
	return list
}
