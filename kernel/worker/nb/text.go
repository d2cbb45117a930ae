package nb

import (
	"fmt"
	"reflect"
	"strings"
)

const (
	maxElements = 1000
	maxText     = 200_000
	// maxWork bounds what is formatted whole, in elements and bytes of strings; fmt
	// takes some ten milliseconds for it.
	maxWork = 200_000
)

// Text is how a value reads as plain text: an error or Stringer by its own
// words, a struct with its field names, a long slice or map cut. It is what %+v
// prints wherever that is short, and takes no longer where it is not.
func Text(v any) string {
	text := uncut(v)
	if len(text) > maxText {
		return strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf("… (%d bytes more)", len(text)-maxText)
	}
	return text
}

func uncut(v any) string {
	switch v.(type) {
	case nil:
		return "<nil>"
	case error, fmt.Stringer, fmt.Formatter:
		return fmt.Sprint(v)
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Func && !r.IsNil() {
		return r.Type().String()
	}
	cut := (r.Kind() == reflect.Slice || r.Kind() == reflect.Array || r.Kind() == reflect.Map) && r.Len() > maxElements
	if r.Kind() != reflect.String && (cut || weigh(r, 0, maxWork) < 0) {
		p := abridger{}
		p.value(r, 0)
		return p.String()
	}
	return fmt.Sprintf("%+v", v)
}

// weigh takes from a budget what it costs to format a value as fmt does, and returns
// what is left. It stops where nothing is. Text of a value's own counts as nothing:
// what a method does is up to who wrote it.
func weigh(v reflect.Value, depth, budget int) int {
	budget--
	if depth > 0 && speaks(v) {
		return budget
	}
	switch v.Kind() {
	case reflect.String:
		return budget - v.Len()
	case reflect.Interface:
		if !v.IsNil() {
			return weigh(v.Elem(), depth+1, budget)
		}
	case reflect.Pointer:
		if depth == 0 && !v.IsNil() && isComposite(v.Elem()) {
			return weigh(v.Elem(), depth+1, budget)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField() && budget >= 0; i++ {
			budget = weigh(v.Field(i), depth+1, budget)
		}
	case reflect.Slice, reflect.Array:
		if budget -= v.Len(); isLeaf(v.Type().Elem()) {
			return budget
		}
		for i := 0; i < v.Len() && budget >= 0; i++ {
			budget = weigh(v.Index(i), depth+1, budget)
		}
	case reflect.Map:
		budget -= v.Len()
		for it := v.MapRange(); budget >= 0 && it.Next(); {
			budget = weigh(it.Value(), depth+1, weigh(it.Key(), depth+1, budget))
		}
	}
	return budget
}

// isLeaf reports whether all values of a type cost the same.
func isLeaf(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		return false
	}
	return true
}

// isComposite reports whether fmt follows a pointer to v.
func isComposite(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Slice, reflect.Struct, reflect.Map:
		return true
	}
	return false
}

// speaks reports whether fmt asks the value for its text.
func speaks(v reflect.Value) bool {
	if !v.CanInterface() || v.NumMethod() == 0 && v.Kind() != reflect.Interface {
		return false
	}
	switch v.Interface().(type) {
	case error, fmt.Stringer, fmt.Formatter:
		return true
	}
	return false
}
