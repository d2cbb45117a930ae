package show

import (
	"reflect"
	"sync"
)

// A renderer returns a value by MIME type; nil for none of its own.
type renderer func(v any) map[string]any

var registry struct {
	sync.RWMutex
	types      map[reflect.Type]renderer
	interfaces []implementation
}

type implementation struct {
	of     reflect.Type
	render renderer
}

// Register makes render the display of a type's values, in place of what they offer
// themselves, and of an interface type's implementations. The newest of a type is asked;
// nil takes it back.
func Register(t reflect.Type, render func(v any) map[string]any) {
	registry.Lock()
	defer registry.Unlock()
	if registry.types == nil {
		registry.types = map[reflect.Type]renderer{}
	}
	if t.Kind() == reflect.Interface {
		registry.interfaces = append([]implementation{{t, render}}, registry.interfaces...)
		return
	}
	registry.types[t] = render
}

func registered(t reflect.Type) renderer {
	registry.RLock()
	defer registry.RUnlock()
	if r := registry.types[t]; r != nil {
		return r
	}
	for _, i := range registry.interfaces {
		if t.Implements(i.of) {
			return i.render
		}
	}
	return nil
}

// offerRegistered adds what was registered for the value's type, or for the type that
// it points to, and reports whether there is any. A display that panics, or that has
// nothing to say, leaves the value to its own devices.
func offerRegistered(b map[string]any, v any) (ok bool) {
	r := reflect.ValueOf(v)
	render := registered(r.Type())
	if render == nil && r.Kind() == reflect.Pointer && !r.IsNil() {
		if render = registered(r.Type().Elem()); render != nil {
			v = r.Elem().Interface()
		}
	}
	if render == nil {
		return false
	}
	defer func() {
		if recover() != nil {
			clear(b)
			ok = false
		}
	}()
	for mime, content := range render(v) {
		b[mime] = content
	}
	if len(b) == 0 {
		return false
	}
	if b[Plain] == nil {
		b[Plain] = cut(uncut(v, nil))
	}
	return true
}
