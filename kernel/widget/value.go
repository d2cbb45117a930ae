package widget

import (
	"encoding/json"
	"sync"
)

// A Value is a control for a value of type T. Its methods may be called from any
// goroutine.
type Value[T any] struct {
	*model
	key  string // of the state
	from func(json.RawMessage) (T, bool)
	to   func(T) any

	mu        sync.Mutex
	value     T
	listeners []func(T)
	at        []func() // called at once, by the goroutine that must not wait
	told      bool     // of a change that listeners have not seen
}

func newValue[T any](m *model, key string, value T, from func(json.RawMessage) (T, bool), to func(T) any) *Value[T] {
	v := &Value[T]{model: m, key: key, value: value, from: from, to: to}
	m.mu.Lock()
	m.change = v.changed
	m.mu.Unlock()
	return v
}

// decode is the from of a type that JSON has.
func decode[T any](text json.RawMessage) (v T, ok bool) {
	return v, json.Unmarshal(text, &v) == nil
}

func same[T any](v T) any { return v }

// changed takes a change by the page.
func (v *Value[T]) changed(key string, text json.RawMessage) {
	value, ok := v.from(text)
	if key != v.key || !ok {
		return
	}
	v.mu.Lock()
	v.value = value
	at := v.at
	tell := len(v.listeners) > 0 && !v.told
	v.told = v.told || tell
	v.mu.Unlock()
	for _, f := range at {
		f()
	}
	if tell {
		dispatch(v.tell)
	}
}

// tell tells the listeners of the newest value: what came and went while another
// function ran, they do not see.
func (v *Value[T]) tell() {
	v.mu.Lock()
	v.told = false
	value, listeners := v.value, v.listeners
	v.mu.Unlock()
	for _, f := range listeners {
		f(value)
	}
}

// Value returns the value.
func (v *Value[T]) Value() T {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.value
}

// Set changes the value, also on the page. Listeners are not told of it.
func (v *Value[T]) Set(value T) {
	v.mu.Lock()
	v.value = value
	v.mu.Unlock()
	v.set(v.key, v.to(value))
}

// OnChange has f called with the newest value after changes by the user.
func (v *Value[T]) OnChange(f func(T)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.listeners = append(v.listeners, f)
}

// parameter is what Interact wants of a control.
type parameter interface {
	Widget
	current() any
	onChangeAtOnce(func())
	label() string
}

func (v *Value[T]) current() any { return v.Value() }

func (v *Value[T]) onChangeAtOnce(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at = append(v.at, f)
}

func (v *Value[T]) label() string {
	text, _ := v.get("description").(string)
	return text
}
