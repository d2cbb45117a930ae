package show

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A node is a value on its way to be text: a leaf, or parts in brackets.
type node struct {
	text        string // of a leaf
	open, close string // of the others
	parts       []part
	rest        string // what was left out
	flows       bool   // parts are small, so that lines of their own would be a waste
}

// A part is a field, an element or an entry.
type part struct {
	label string // "" for an element
	value *node
}

const (
	// maxElements bounds what is shown of a slice or map: at the top, in what stands
	// there, and further down.
	maxElements, maxInner, maxDeep = 1000, 100, 20
	maxNested                      = 1000 // bytes of a string that stands in something
	maxDepth                       = 12
	maxSmall                       = 24 // characters of what flows
)

// A reader turns a value into nodes until it has enough for a text.
type reader struct{ left int }

func (r *reader) leaf(text string) *node {
	r.left -= len(text) + 1
	return &node{text: text}
}

// value reads v. depth counts brackets around it; steps, pointers that were followed
// below the top.
func (r *reader) value(v reflect.Value, depth, steps int) *node {
	r.left--
	inAny := v.Kind() == reflect.Interface
	for v.Kind() == reflect.Interface {
		v, depth = v.Elem(), max(depth, 1)
	}
	if !v.IsValid() {
		return r.leaf("<nil>")
	}
	if depth > 0 {
		if text, ok := ownText(v); ok {
			return r.leaf(text)
		}
	}
	if depth > maxDepth {
		return r.leaf("…")
	}
	switch v.Kind() {
	case reflect.Pointer:
		return r.pointer(v, depth, steps)
	case reflect.Struct:
		return r.fields(v, depth, steps)
	case reflect.Slice, reflect.Array:
		if text, ok := asText(v); ok {
			return r.text(text, v.Len(), depth, false)
		}
		return r.elements(v, depth, steps)
	case reflect.Map:
		return r.entries(v, depth, steps)
	case reflect.String:
		text := v.String()
		return r.text(text[:min(len(text), maxText+1)], len(text), depth, inAny && v.Type() == reflect.TypeFor[string]())
	case reflect.Func:
		if v.IsNil() {
			return r.leaf("<nil>")
		}
		return r.leaf(v.Type().String())
	}
	return r.leaf(fmt.Sprintf("%+v", v))
}

// text reads text of which head is what may be shown of length bytes.
func (r *reader) text(head string, length, depth int, anyType bool) *node {
	most := maxText
	if depth > 0 {
		most = maxNested
	}
	more := ""
	if length > most {
		head = beginning(head, most)
		more = fmt.Sprintf("… (%d bytes more)", length-most)
	}
	if depth > 0 && (isAmbiguous(head) || anyType && looksTyped(head)) {
		head = strconv.Quote(head)
	}
	return r.leaf(exactly(head) + more)
}

// beginning returns at most so many bytes of a text, without half of a character at the end.
func beginning(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for at := most; at > most-utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			return text[:at]
		}
	}
	return text[:most]
}

// exactly quotes what is no UTF-8: as it is, bytes that differ would look the same.
func exactly(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strconv.Quote(text)
}

// pointer follows a pointer at the top, and one further down.
func (r *reader) pointer(v reflect.Value, depth, steps int) *node {
	if v.IsNil() {
		return r.leaf("<nil>")
	}
	switch v.Elem().Kind() {
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		if depth == 0 {
			return prefixed("&", r.value(v.Elem(), 0, steps))
		}
		if steps == 0 {
			return prefixed("&", r.value(v.Elem(), depth, steps+1))
		}
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16,
		reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64, reflect.String:
		if steps == 0 {
			return prefixed("&", r.value(v.Elem(), max(depth, 1), steps+1))
		}
	}
	return r.leaf(fmt.Sprintf("%v", v.UnsafePointer()))
}

func prefixed(prefix string, n *node) *node {
	if n.open != "" {
		n.open = prefix + n.open
	} else {
		n.text = prefix + n.text
	}
	return n
}

func (r *reader) fields(v reflect.Value, depth, steps int) *node {
	n := &node{open: "{", close: "}"}
	if !v.CanAddr() && v.CanInterface() && v.Type().Size() <= 1<<12 {
		v = addressable(v) // for times in fields that are not exported
	}
	for i := range v.NumField() {
		if r.left <= 0 {
			n.rest = fmt.Sprintf("… %d more", v.NumField()-i)
			break
		}
		name := v.Type().Field(i).Name
		r.left -= len(name)
		n.parts = append(n.parts, part{name, r.value(v.Field(i), depth+1, steps)})
	}
	return n
}

func (r *reader) elements(v reflect.Value, depth, steps int) *node {
	n := &node{open: "[", close: "]"}
	shown := 0
	for most := min(v.Len(), elements(depth)); shown < most && r.left > 0; shown++ {
		n.parts = append(n.parts, part{"", r.value(v.Index(shown), depth+1, steps)})
	}
	return n.end(v.Len()-shown, true)
}

func (r *reader) entries(v reflect.Value, depth, steps int) *node {
	n := &node{open: "map[", close: "]"}
	list, whole := smallest(v, elements(depth))
	shown := 0
	for ; shown < len(list) && r.left > 0; shown++ {
		key := r.value(list[shown].key, depth+1, 1)
		n.parts = append(n.parts, part{flat(key), r.value(list[shown].value, depth+1, steps)})
	}
	return n.end(v.Len()-shown, whole)
}

// elements is how many elements are shown at a depth.
func elements(depth int) int {
	switch depth {
	case 0:
		return maxElements
	case 1:
		return maxInner
	}
	return maxDeep
}

// end notes what was left out, and whether the parts are small.
func (n *node) end(more int, whole bool) *node {
	if more > 0 {
		n.rest = fmt.Sprintf("… %d more", more)
		if !whole {
			n.rest += ", of which some may be smaller"
		}
	}
	n.flows = true
	for _, p := range n.parts {
		if p.value.open != "" || utf8.RuneCountInString(p.label)+utf8.RuneCountInString(p.value.text) > maxSmall {
			n.flows = false
		}
	}
	return n
}

// ownText is the text of a value that has one: a time, or what fmt would ask for it.
func ownText(v reflect.Value) (string, bool) {
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		if v.CanInterface() {
			return v.Interface().(time.Time).Round(0).String(), true // without the monotonic reading
		}
		if v.CanAddr() {
			return (*(*time.Time)(v.Addr().UnsafePointer())).Round(0).String(), true
		}
	case reflect.TypeFor[time.Duration]():
		return time.Duration(v.Int()).String(), true
	case reflect.TypeFor[json.Number]():
		return v.String(), true
	}
	if p := v; p.Kind() == reflect.Pointer && p.Type().Elem() == reflect.TypeFor[time.Time]() && !p.IsNil() {
		return (*(*time.Time)(p.UnsafePointer())).Round(0).String(), true
	}
	if speaks(v) {
		return exactly(fmt.Sprint(v.Interface())), true
	}
	return "", false
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

// asText is a slice of bytes as text, where it is text: what may be shown of it.
func asText(v reflect.Value) (string, bool) {
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Uint8 || v.Len() == 0 {
		return "", false
	}
	b := v.Bytes()
	if len(b) > maxText {
		b = b[:maxText+1]
	}
	for text := b; len(text) > 0; {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 && (v.Len() == len(b) || len(text) >= utf8.UTFMax) || !isPrintable(r) {
			return "", false
		}
		text = text[size:]
	}
	return string(b), true
}

func isPrintable(r rune) bool { return unicode.IsPrint(r) || r == '\n' || r == '\t' || r == '\r' }

// isAmbiguous reports whether one could not tell where a string among other things begins
// and ends.
func isAmbiguous(s string) bool {
	if s == "" || s == "<nil>" || strings.HasPrefix(s, "&") || strings.HasPrefix(s, "…") {
		return true
	}
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("[]{}:\"", r) || r == utf8.RuneError {
			return true
		}
	}
	return false
}

// looksTyped reports whether a string reads like a number or a truth value.
func looksTyped(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return true
	}
	_, err := strconv.ParseInt(s, 0, 64)
	return err == nil || s == "true" || s == "false" || s == "nil"
}

// uncut is the text of a value. t is its table, if that is known already.
func uncut(v any, t *table) string {
	switch x := v.(type) {
	case nil:
		return "<nil>"
	case time.Time:
		return x.Round(0).String()
	case error, fmt.Stringer, fmt.Formatter:
		return exactly(fmt.Sprint(v))
	}
	r := reflect.ValueOf(v)
	rd := &reader{left: maxText}
	n := rd.value(r, 0, 0)
	if n.open == "" || n.flows || n.fits(0) {
		return flat(n)
	}
	if t == nil {
		t = tableOf(r)
	}
	if t != nil && len(t.rows) > 1 && (!t.cut || t.rowsCut()) {
		return t.text()
	}
	var b strings.Builder
	write(&b, n, 0)
	return b.String()
}

// Brief returns a value as one short line.
func Brief(v any) (text string) {
	if v == nil {
		return "<nil>"
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%T that cannot be shown: %v", v, r)
		}
	}()
	return shorten(cellText(reflect.ValueOf(v)), briefly)
}

// briefly is how many characters Brief returns at the most.
const briefly = 120
