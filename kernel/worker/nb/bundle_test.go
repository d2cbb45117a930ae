package nb

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

type rich struct{ name string }

func (r rich) HTML() string     { return "<i>" + r.name + "</i>" }
func (r rich) Markdown() string { return "*" + r.name + "*" }
func (r rich) JSON() any        { return map[string]int{"n": 1} }
func (r rich) PNG() []byte      { return []byte{1, 2} }
func (r *rich) String() string  { return "rich " + r.name }
func (r rich) Latex() string    { return "$x$" }
func (r rich) SVG() string      { return "<svg/>" }
func (r rich) JPEG() []byte     { return []byte{3} }

func TestBundleTakesWhatAValueOffers(t *testing.T) {
	b := Bundle(&rich{"a"})
	for mime, want := range map[string]any{"text/html": "<i>a</i>", "text/markdown": "*a*", "text/plain": "rich a", "text/latex": "$x$", "image/svg+xml": "<svg/>"} {
		if b[mime] != want {
			t.Errorf("%s is %v", mime, b[mime])
		}
	}
	if j, err := json.Marshal(b["application/json"]); err != nil || string(j) != `{"n":1}` {
		t.Errorf("JSON %s, %v", j, err)
	}
}

func TestBundleOfNilReceiverIsText(t *testing.T) {
	var none *rich
	if b := Bundle(none); b["text/html"] != nil || b["text/plain"] != "<nil>" {
		t.Errorf("bundle %v", b)
	}
}

type bundled struct{}

func (bundled) MIMEBundle() map[string]any {
	return map[string]any{"application/geo+json": map[string]any{"type": "Point"}, "text/plain": "a point"}
}

func TestBundleOfItsOwn(t *testing.T) {
	b := Bundle(bundled{})
	if b["text/plain"] != "a point" || b["application/geo+json"] == nil {
		t.Errorf("bundle %v", b)
	}
}

func TestImageIsPNG(t *testing.T) {
	b := Bundle(image.NewGray(image.Rect(0, 0, 3, 2)))
	png, ok := b["image/png"].([]byte)
	if !ok || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("bundle %v", b)
	}
	if text, _ := b["text/plain"].(string); !strings.Contains(text, "image.Gray") || len(text) > 100 {
		t.Errorf("text %v", b["text/plain"])
	}
}

func TestText(t *testing.T) {
	type point struct {
		X, Y int
		name string
	}
	long := make([]int, 1500)
	many := map[int]int{}
	for i := range 1500 {
		many[i] = i
	}
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "<nil>"}, {42, "42"}, {"text", "text"}, {2.5, "2.5"}, {point{1, 2, "p"}, "{X:1 Y:2 name:p}"},
		{&point{1, 2, "p"}, "&{X:1 Y:2 name:p}"}, {[]string{"a", "b"}, "[a b]"}, {errors.New("bad"), "bad"},
		{func(int) string { return "" }, "func(int) string"}, {[]point{{1, 2, "p"}}, "[{X:1 Y:2 name:p}]"},
	} {
		if got := Text(c.value); got != c.want {
			t.Errorf("%T reads %q, want %q", c.value, got, c.want)
		}
	}
	for _, v := range []any{long, many, [1500]int{}} {
		if got := Text(v); !strings.HasSuffix(got, " … 500 more]") {
			t.Errorf("%T ends with %q", v, got[len(got)-20:])
		}
	}
	if got := Text(strings.Repeat("x", maxText+5)); !strings.HasSuffix(got, "(5 bytes more)") {
		t.Errorf("a long text ends with %q", got[len(got)-20:])
	}
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°", float64(c)) }

// What is left out of a large value is all that tells its text from fmt's.
func TestAbridgedTextIsFmtsWhereNothingIsLeftOut(t *testing.T) {
	type inner struct {
		n    int
		Temp celsius
		temp celsius
	}
	seven := 7
	next := &inner{n: 1}
	for _, v := range []any{
		inner{1, 2, 3}, &inner{1, 2, 3}, []inner{{1, 2, 3}, {}}, []*inner{next, nil}, [2]bool{true}, &[]int{1}, &map[string]int{"b": 1, "a": 2},
		map[int][]string{3: {"x", "y"}, 1: nil}, map[uint8]float32{2: 0.5, 1: 1e9}, map[float64]any{1.5: 'x', -1: inner{}}, map[string]any{},
		map[bool]int{true: 1}, []any{nil, 1, "s", 2.5, 1i, next, error(nil), errors.New("e"), celsius(3), []byte("ab"), &seven, struct{}{}},
		struct {
			E  error
			S  fmt.Stringer
			F  func()
			C  chan int
			P  unsafe.Pointer
			U  uintptr
			B  []byte
			M  map[string]*int
			A  any
			in inner
			e  error
		}{E: errors.New("bad"), S: celsius(1), U: 5, B: []byte{1, 2}, M: map[string]*int{"k": &seven}, A: []int{1}, e: errors.New("hidden")},
		[][]float64{{1, 2.5}, {}, nil}, &seven, []string{"", "a b"}, time.Duration(5), []time.Duration{5}, []int(nil), map[string]int(nil), (*inner)(nil),
	} {
		p := abridger{}
		p.value(reflect.ValueOf(v), 0)
		if got, want := p.String(), fmt.Sprintf("%+v", v); got != want && !speaks(reflect.ValueOf(v)) {
			t.Errorf("%T reads\n%s, fmt has\n%s", v, got, want)
		}
	}
}

// The work for a text follows what is shown of it, wherever the length is hidden.
func TestTextOfALargeValueIsBounded(t *testing.T) {
	const many = 2_000_000
	type holder struct {
		Name string
		Data []float64
	}
	data := make([]float64, many)
	rows := make([][]float64, 900)
	for i := range rows {
		rows[i] = data
	}
	loop := []any{nil}
	loop[0] = loop
	for name, v := range map[string]any{
		"a pointer to a struct": &holder{"x", data}, "a struct": holder{"x", data}, "a map": map[string][]float64{"x": data},
		"nested slices": rows, "an interface": []any{1, data}, "a pointer to a slice": &data, "a slice that holds itself": loop,
		"a map in a struct": struct{ M map[string]holder }{map[string]holder{"k": {"x", data}}},
		"a long string":     struct{ S string }{strings.Repeat("x", many)},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		text := Text(v)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 8<<20 || len(text) > maxText+100 {
			t.Errorf("%s: a text of %d bytes took %d bytes of memory", name, len(text), got)
		}
	}
	if got := Text(&holder{"x", data}); !strings.HasPrefix(got, "&{Name:x Data:[0 0 ") || !strings.HasSuffix(got, " … 1999000 more]}") {
		t.Errorf("a struct around a long slice reads %s…%s", got[:20], got[len(got)-20:])
	}
}

func TestPanicText(t *testing.T) {
	type code struct{ n int }
	for _, c := range []struct {
		value any
		want  string
	}{{"boom", "boom"}, {errors.New("bad"), "bad"}, {7, "7"}, {code{3}, "(nb.code) {n:3}"}, {Failure{errors.New("f")}, "f"}} {
		if got := PanicText(c.value); got != c.want {
			t.Errorf("%v reads %q, want %q", c.value, got, c.want)
		}
	}
}
