package nb

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"reflect"
)

// Bundle is a value by MIME type: what its own methods offer, and its text.
// A method that panics, as on a nil receiver, offers nothing.
func Bundle(v any) map[string]any {
	b := map[string]any{}
	if v == nil {
		b["text/plain"] = "<nil>"
		return b
	}
	offer := func(mime string, render func() any) {
		defer func() { _ = recover() }()
		if content := render(); content != nil {
			b[mime] = content
		}
	}
	if r, ok := v.(interface{ HTML() string }); ok {
		offer("text/html", func() any { return r.HTML() })
	} else if t := reflect.TypeOf(v); t.PkgPath() == "html/template" && t.Name() == "HTML" {
		offer("text/html", func() any { return reflect.ValueOf(v).String() })
	}
	if r, ok := v.(interface{ Markdown() string }); ok {
		offer("text/markdown", func() any { return r.Markdown() })
	}
	if r, ok := v.(interface{ SVG() string }); ok {
		offer("image/svg+xml", func() any { return r.SVG() })
	}
	if r, ok := v.(interface{ Latex() string }); ok {
		offer("text/latex", func() any { return r.Latex() })
	}
	if r, ok := v.(interface{ PNG() []byte }); ok {
		offer("image/png", func() any { return r.PNG() })
	} else if r, ok := v.(image.Image); ok {
		offer("image/png", func() any {
			var w bytes.Buffer
			if png.Encode(&w, r) != nil {
				return nil
			}
			return w.Bytes()
		})
		if b["image/png"] != nil { // its text would be all of its pixels
			b["text/plain"] = reflect.TypeOf(v).String() + " " + r.Bounds().String()
			return b
		}
	}
	if r, ok := v.(interface{ JPEG() []byte }); ok {
		offer("image/jpeg", func() any { return r.JPEG() })
	}
	// JSON may return any type: looked up by name.
	if m := reflect.ValueOf(v).MethodByName("JSON"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 {
		offer("application/json", func() any {
			switch j := m.Call(nil)[0].Interface().(type) {
			case string:
				return json.RawMessage(j)
			case []byte:
				return json.RawMessage(j)
			default:
				return j
			}
		})
	}
	if r, ok := v.(interface{ MIMEBundle() map[string]any }); ok {
		defer func() { _ = recover() }()
		for mime, content := range r.MIMEBundle() {
			b[mime] = content
		}
	}
	if b["text/plain"] == nil {
		b["text/plain"] = Text(v)
	}
	return b
}
