// Package show makes of a Go value what a person looks at: plain text always, and beside
// it what the value's own methods offer (HTML, Markdown, SVG, PNG, MIMEBundle and so on),
// a picture where its type is known to be one, or an HTML table of what is tabular.
//
// What it costs follows what is shown, not how large the value is. No value makes it
// panic: a method that does, or memory that changes meanwhile, costs that part alone.
//
// It is built into the worker process, so it imports the standard library only. Types of
// other modules it knows by their import path and methods, through reflect.
package show

import (
	"fmt"
	"reflect"
	"runtime/debug"
)

// Plain is the MIME type that every bundle has.
const Plain = "text/plain"

// Bundle returns a value by MIME type.
func Bundle(v any) (b map[string]any) {
	b = map[string]any{}
	if v == nil {
		b[Plain] = "<nil>"
		return b
	}
	// A goroutine that changes the value meanwhile may leave a torn string or slice.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			b[Plain] = fmt.Sprintf("%T that cannot be shown: %v", v, r)
		}
	}()
	if offerRegistered(b, v) || offerLibrary(b, v) {
		return b
	}
	known := offerMethods(b, v) || offerByMethods(b, v)
	if b[Plain] != nil {
		return b
	}
	r := reflect.ValueOf(v)
	var t *table
	if !known && !speaks(r) {
		if t = tableOf(r); t != nil {
			b["text/html"] = t.html()
		}
	}
	b[Plain] = cut(uncut(v, t))
	return b
}

// Text returns how a value reads as plain text: an error or Stringer by its own words, a
// short value as %+v has it, but for strings that would be ambiguous, and a longer one on
// several lines or as a table, with what is long left out.
func Text(v any) (text string) {
	if v == nil {
		return "<nil>"
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%T that cannot be shown: %v", v, r)
		}
	}()
	return cut(uncut(v, nil))
}

// maxText bounds a text, in bytes.
const maxText = 200_000

// cut bounds the text of a value's own.
func cut(text string) string {
	if len(text) > maxText+100 { // what says how much was cut already may stand behind it
		return beginning(text, maxText) + fmt.Sprintf("… (%d bytes more)", len(text)-maxText)
	}
	return text
}
