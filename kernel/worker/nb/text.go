package nb

import (
	"fmt"
	"reflect"
	"strings"
)

const (
	maxElements = 1000
	maxText     = 200_000
)

// Text is how a value reads as plain text: an error or Stringer by its own
// words, a struct with its field names, a long slice or map cut.
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
	switch r.Kind() {
	case reflect.Func:
		if r.IsNil() {
			return "<nil>"
		}
		return r.Type().String()
	case reflect.Slice, reflect.Array:
		if r.Len() > maxElements {
			if r.Kind() == reflect.Array { // an array in an interface cannot be sliced where it is
				p := reflect.New(r.Type())
				p.Elem().Set(r)
				r = p.Elem()
			}
			head := fmt.Sprintf("%+v", r.Slice(0, maxElements).Interface())
			return fmt.Sprintf("%s … %d more]", strings.TrimSuffix(head, "]"), r.Len()-maxElements)
		}
	case reflect.Map:
		if r.Len() > maxElements {
			some := reflect.MakeMap(r.Type())
			for it := r.MapRange(); some.Len() < maxElements && it.Next(); {
				some.SetMapIndex(it.Key(), it.Value())
			}
			head := fmt.Sprintf("%+v", some.Interface())
			return fmt.Sprintf("%s … %d more]", strings.TrimSuffix(head, "]"), r.Len()-maxElements)
		}
	}
	return fmt.Sprintf("%+v", v)
}
