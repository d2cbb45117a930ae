package widget

import (
	"encoding/json"
	"slices"
)

// newControl makes a control with a description beside it.
func newControl(name, view, style, description string, state map[string]any) *model {
	state["description"], state["disabled"] = description, false
	return newModel(controls, controlsVersion, name, view, style, state)
}

// IntSlider is a slider for whole numbers from low to high.
func IntSlider(description string, value, low, high int) *Value[int] {
	m := newControl("IntSlider", "IntSlider", "SliderStyle", description, map[string]any{
		"value": value, "min": low, "max": high, "step": 1, "orientation": "horizontal", "readout": true, "readout_format": "d",
		"continuous_update": true, "behavior": "drag-tap",
	})
	return newValue(m, "value", value, decode[int], same[int])
}

// FloatSlider is a slider for numbers from low to high, in steps.
func FloatSlider(description string, value, low, high, step float64) *Value[float64] {
	m := newControl("FloatSlider", "FloatSlider", "SliderStyle", description, map[string]any{
		"value": value, "min": low, "max": high, "step": step, "orientation": "horizontal", "readout": true, "readout_format": ".2f",
		"continuous_update": true, "behavior": "drag-tap",
	})
	return newValue(m, "value", value, decode[float64], same[float64])
}

// Dropdown is a choice of one of some texts, the first to begin with.
func Dropdown(description string, options ...string) *Value[string] {
	options = slices.Clone(options)
	state := map[string]any{"_options_labels": options, "index": nil}
	first := ""
	if len(options) > 0 {
		first, state["index"] = options[0], 0
	}
	m := newControl("Dropdown", "Dropdown", "DescriptionStyle", description, state)
	return newValue(m, "index", first, func(text json.RawMessage) (string, bool) {
		i, ok := decode[int](text)
		if !ok || i < 0 || i >= len(options) {
			return "", false
		}
		return options[i], true
	}, func(value string) any {
		if i := slices.Index(options, value); i >= 0 {
			return i
		}
		return nil
	})
}

// Checkbox is a box that is ticked or not.
func Checkbox(description string, value bool) *Value[bool] {
	m := newControl("Checkbox", "Checkbox", "CheckboxStyle", description, map[string]any{"value": value, "indent": true})
	return newValue(m, "value", value, decode[bool], same[bool])
}

// Text is a line of text; it changes with every key.
func Text(description, value string) *Value[string] {
	m := newControl("Text", "Text", "TextStyle", description, map[string]any{"value": value, "placeholder": "", "continuous_update": true})
	return newValue(m, "value", value, decode[string], same[string])
}

// A ButtonWidget is a button.
type ButtonWidget struct{ *model }

// Button is a button.
func Button(description string) *ButtonWidget {
	return &ButtonWidget{newControl("Button", "Button", "ButtonStyle", description, map[string]any{"button_style": "", "icon": ""})}
}

// OnClick has f called for each click.
func (b *ButtonWidget) OnClick(f func()) {
	b.model.mu.Lock()
	defer b.model.mu.Unlock()
	before := b.custom
	b.custom = func(content json.RawMessage) {
		if before != nil {
			before(content)
		}
		var event struct {
			Event string `json:"event"`
		}
		if json.Unmarshal(content, &event) == nil && event.Event == "click" {
			dispatch(f)
		}
	}
}

// A ProgressWidget is a bar.
type ProgressWidget struct{ *model }

// Progress is a bar from 0 to total.
func Progress(description string, total int) *ProgressWidget {
	return &ProgressWidget{newControl("IntProgress", "Progress", "ProgressStyle", description, map[string]any{
		"value": 0, "min": 0, "max": total, "bar_style": "", "orientation": "horizontal",
	})}
}

// Set moves the bar.
func (p *ProgressWidget) Set(n int) { p.set("value", n) }

// An HTMLWidget is text.
type HTMLWidget struct{ *model }

// HTML is a piece of HTML.
func HTML(text string) *HTMLWidget {
	return &HTMLWidget{newControl("HTML", "HTML", "HTMLStyle", "", map[string]any{"value": text, "placeholder": ""})}
}

// Set changes the HTML.
func (h *HTMLWidget) Set(text string) { h.set("value", text) }

// A BoxWidget holds others.
type BoxWidget struct {
	*model
	children []Widget // they live as long as the box
}

// VBox stacks widgets, HBox has them beside each other.
func VBox(children ...Widget) *BoxWidget { return box("VBox", children) }

// HBox has widgets beside each other.
func HBox(children ...Widget) *BoxWidget { return box("HBox", children) }

func box(name string, children []Widget) *BoxWidget {
	references := make([]string, len(children))
	for i, c := range children {
		references[i] = c.widget().reference()
	}
	return &BoxWidget{newModel(controls, controlsVersion, name, name, "", map[string]any{"children": references, "box_style": ""}), slices.Clone(children)}
}
