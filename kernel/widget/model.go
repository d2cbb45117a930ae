// Package widget is Jupyter's widgets (ipywidgets) from Go: sliders, drop-downs, check
// boxes, text, buttons, progress, output and boxes, and Interact, which makes the controls
// from a function's parameters and runs it again on every change.
//
//	workers := widget.IntSlider("workers", 4, 1, 16)
//	workers.OnChange(func(n int) { fmt.Println(n, "workers") })
//	workers
//
// A widget shows where it is the last expression of a cell, in front ends that have the
// widget manager; others show its text.
//
// What a widget's value is, the page decides at once: Value is the newest also while a
// cell runs. Functions that are told of changes run one after another, in the order of
// the changes, in a goroutine of their own, and never while a cell runs: a cell that
// starts waits for the one that runs, and what changes while a cell runs is told when it
// has ended. So they may use the cells' variables as cells do. Goroutines that cells have
// left behind are not waited for.
package widget

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"locuslab/kernel/comm"
	"locuslab/kernel/incell"
)

// The protocol: https://github.com/jupyter-widgets/ipywidgets, "Messages between kernel
// and front end", version 2.1.
const (
	target          = "jupyter.widget"
	control         = "jupyter.widget.control"
	protocolVersion = "2.1.0"
	viewType        = "application/vnd.jupyter.widget-view+json"

	controls        = "@jupyter-widgets/controls"
	base            = "@jupyter-widgets/base"
	controlsVersion = "2.0.0"
)

// A Widget is anything that this package makes.
type Widget interface {
	// MIMEBundle is how a cell shows it.
	MIMEBundle() map[string]any

	widget() *model
}

// model is one widget's state, of which the page has a copy.
type model struct {
	id   string
	name string // of the widget's kind
	comm *incell.Comm

	mu     sync.Mutex
	state  map[string]any
	change func(key string, value json.RawMessage) // after a change by the page
	custom func(content json.RawMessage)
}

var models struct {
	sync.Mutex
	all map[string]*model
}

// newModel makes a widget of a kind, such as IntSlider, with a layout and a style.
func newModel(module, version, name, view, style string, state map[string]any) *model {
	state["_model_module"], state["_view_module"] = module, module
	state["_model_module_version"], state["_view_module_version"] = version, version
	state["_model_name"], state["_view_name"] = name+"Model", view+"View"
	state["layout"] = newPart(base, "Layout").reference()
	if style != "" {
		state["style"] = newPart(controls, style).reference()
	}
	m := &model{id: rand.Text(), name: name, state: state}
	m.open()
	return m
}

// newPart makes a widget that belongs to another one.
func newPart(module, name string) *model {
	view := name
	if module == controls {
		view = "Style"
	}
	viewModule := base
	m := &model{id: rand.Text(), name: name, state: map[string]any{
		"_model_module": module, "_model_module_version": controlsVersion, "_model_name": name + "Model",
		"_view_module": viewModule, "_view_module_version": controlsVersion, "_view_name": view + "View",
	}}
	m.open()
	return m
}

// open tells the page of a model.
func (m *model) open() {
	models.Lock()
	first := models.all == nil
	if first {
		models.all = map[string]*model{}
	}
	models.all[m.id] = m
	models.Unlock()
	if first {
		incell.Handle(control, answerControl)
	}
	c, err := incell.OpenAs(m.id, target, m.message(m.copy()), map[string]string{"version": protocolVersion}, nil, m.receive)
	if err == nil { // else there is no page, and the widget is a value
		m.comm = c
	}
}

func (m *model) widget() *model { return m }

func (m *model) reference() string { return "IPY_MODEL_" + m.id }

func (m *model) copy() map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.state)
}

// message is a message that carries state.
func (m *model) message(state map[string]any) map[string]any {
	return map[string]any{"state": state, "buffer_paths": []any{}, "method": "update"}
}

// set changes part of the state, here and on the page.
func (m *model) set(key string, value any) {
	m.mu.Lock()
	m.state[key] = value
	m.mu.Unlock()
	if m.comm != nil {
		_ = m.comm.Send(m.message(map[string]any{key: value}), nil, nil) // what a widget holds is JSON
	}
}

func (m *model) get(key string) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state[key]
}

// receive takes a message of the page.
func (m *model) receive(msg comm.Message) {
	var data struct {
		Method  string                     `json:"method"`
		State   map[string]json.RawMessage `json:"state"`
		Content json.RawMessage            `json:"content"`
	}
	if json.Unmarshal(msg.Data, &data) != nil {
		return
	}
	switch data.Method {
	case "update":
		m.mu.Lock()
		for key, value := range data.State {
			m.state[key] = value
		}
		change := m.change
		m.mu.Unlock()
		if change != nil {
			for key, value := range data.State {
				change(key, value)
			}
		}
	case "request_state":
		_ = m.comm.Send(m.message(m.copy()), nil, nil)
	case "custom":
		m.mu.Lock()
		custom := m.custom
		m.mu.Unlock()
		if custom != nil {
			custom(data.Content)
		}
	}
}

// answerControl answers a page that was loaded anew and asks for all widgets.
func answerControl(c *incell.Comm, _ comm.Message) func(comm.Message) {
	return func(m comm.Message) {
		var data struct {
			Method string `json:"method"`
		}
		if json.Unmarshal(m.Data, &data) != nil || data.Method != "request_states" {
			return
		}
		models.Lock()
		all := maps.Clone(models.all)
		models.Unlock()
		states := map[string]any{}
		for id, m := range all {
			state := m.copy()
			states[id] = map[string]any{
				"model_name": state["_model_name"], "model_module": state["_model_module"], "model_module_version": state["_model_module_version"],
				"state": state,
			}
		}
		_ = c.Send(map[string]any{"method": "update_states", "states": states, "buffer_paths": []any{}}, nil, nil)
	}
}

// MIMEBundle is how a cell shows the widget.
func (m *model) MIMEBundle() map[string]any {
	bundle := map[string]any{"text/plain": m.String()}
	if m.comm != nil && incell.Connected() {
		bundle[viewType] = map[string]any{"version_major": 2, "version_minor": 0, "model_id": m.id}
	}
	return bundle
}

// String is the widget's kind with its value.
func (m *model) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	text := m.name + "("
	if d, ok := m.state["description"].(string); ok && d != "" {
		text += d + ": "
	}
	for _, key := range []string{"value", "index"} {
		if v, ok := m.state[key]; ok {
			if raw, isRaw := v.(json.RawMessage); isRaw {
				v = string(raw)
			}
			text += fmt.Sprint(v)
		}
	}
	return text + ")"
}
