package show

import (
	"encoding/json"
	"reflect"
)

// offered are the methods by which a value offers a MIME type, with text or bytes.
var offered = []struct{ name, mime string }{
	{"HTML", "text/html"}, {"Markdown", "text/markdown"}, {"SVG", "image/svg+xml"}, {"Latex", "text/latex"},
	{"PNG", "image/png"}, {"JPEG", "image/jpeg"},
}

// offerMethods adds what the methods of the value, or of its pointer, return, and reports
// whether there is any. A method that panics, as on a nil receiver, or returns an error
// offers nothing.
func offerMethods(b map[string]any, v any) bool {
	r := reflect.ValueOf(v)
	for _, o := range offered {
		if content, ok := call(method(r, o.name)); ok {
			switch content.Kind() {
			case reflect.String:
				b[o.mime] = content.String()
			case reflect.Slice:
				if content.Type().Elem().Kind() == reflect.Uint8 {
					b[o.mime] = content.Bytes()
				}
			}
		}
	}
	if t := r.Type(); t.PkgPath() == "html/template" && t.Name() == "HTML" && b["text/html"] == nil {
		b["text/html"] = r.String()
	}
	if content, ok := call(method(r, "JSON")); ok {
		switch j := content.Interface().(type) {
		case string:
			b["application/json"] = json.RawMessage(j)
		case []byte:
			b["application/json"] = json.RawMessage(j)
		default:
			b["application/json"] = j
		}
	}
	if content, ok := call(method(r, "MIMEBundle")); ok {
		if bundle, ok := content.Interface().(map[string]any); ok {
			for mime, part := range bundle {
				b[mime] = part
			}
		}
	}
	return len(b) > 0
}

// method is the method of a value or of its pointer; the zero Value for none.
func method(r reflect.Value, name string) reflect.Value {
	if m := r.MethodByName(name); m.IsValid() {
		return m
	}
	if t := r.Type(); t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && t.Name() != "" {
		if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
			return addressable(r).Addr().MethodByName(name)
		}
	}
	return reflect.Value{}
}

// addressable is a copy of a value that has an address.
func addressable(r reflect.Value) reflect.Value {
	p := reflect.New(r.Type()).Elem()
	p.Set(r)
	return p
}

// call returns what a method without parameters returns, as f() T or f() (T, error).
func call(m reflect.Value) (content reflect.Value, ok bool) {
	if !m.IsValid() || m.Type().NumIn() != 0 {
		return content, false
	}
	switch t := m.Type(); {
	case t.NumOut() == 1:
	case t.NumOut() == 2 && t.Out(1) == reflect.TypeFor[error]():
	default:
		return content, false
	}
	defer func() {
		if recover() != nil {
			content, ok = reflect.Value{}, false
		}
	}()
	results := m.Call(nil)
	if len(results) == 2 && !results[1].IsNil() {
		return content, false
	}
	if content = results[0]; content.Kind() == reflect.Interface {
		content = content.Elem()
	}
	return content, content.IsValid()
}
