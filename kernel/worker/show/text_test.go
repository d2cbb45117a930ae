package show

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

type point struct {
	X, Y int
	name string
}

type link struct {
	N    int
	Next *link
}

type degrees float64

func (c degrees) String() string { return fmt.Sprintf("%.1f°", float64(c)) }

type grumpy struct{ A int }

func (grumpy) String() string { panic("not today") }

type stamp struct {
	Name string
	at   time.Time
}

func TestText(t *testing.T) {
	seven := 7
	noon := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "<nil>"}, {42, "42"}, {"text", "text"}, {"", ""}, {2.5, "2.5"}, {point{1, 2, "p"}, "{X:1 Y:2 name:p}"},
		{&point{1, 2, "p"}, "&{X:1 Y:2 name:p}"}, {[]string{"a", "b"}, "[a b]"}, {errors.New("bad"), "bad"},
		{func(int) string { return "" }, "func(int) string"}, {[]point{{1, 2, "p"}}, "[{X:1 Y:2 name:p}]"},
		// Strings one could not tell from what is around them.
		{[]string{"", "a b", "c:d"}, `["" "a b" "c:d"]`}, {map[string]string{"a b": "c]"}, `map["a b":"c]"]`}, {[]any{"1", 1, "true", true, "x"}, `["1" 1 "true" true x]`},
		{[]string{"<nil>"}, `["<nil>"]`}, {[]string{"line\nline"}, `["line\nline"]`},
		// One step along pointers.
		{&seven, "&7"}, {[]*int{&seven, nil}, "[&7 <nil>]"}, {[]*point{{1, 2, "p"}}, "[&{X:1 Y:2 name:p}]"},
		{[]byte("hello, world\n"), "hello, world\n"}, {json.RawMessage(`{"a":1}`), `{"a":1}`}, {[]byte{1, 200}, "[1 200]"}, {struct{ B []byte }{[]byte("a b")}, `{B:"a b"}`},
		{struct{ Raw json.RawMessage }{json.RawMessage(`[1]`)}, `{Raw:"[1]"}`},
		{noon, "2026-11-27 12:00:00 +0000 UTC"}, {[]time.Time{noon}, "[2026-11-27 12:00:00 +0000 UTC]"}, {stamp{"x", noon}, "{Name:x at:2026-11-27 12:00:00 +0000 UTC}"},
		{time.Duration(5), "5ns"}, {struct{ d time.Duration }{5e9}, "{d:5s}"}, {fmt.Errorf("open: %w", errors.New("gone")), "open: gone"},
		{map[float64]int{math.NaN(): 1, 1: 2}, "map[NaN:1 1:2]"}, {map[any]int{"b": 1, 2: 2, 1: 3, "a": 4}, "map[1:3 2:2 a:4 b:1]"},
		{[]degrees{1, 2}, "[1.0° 2.0°]"}, {[]int(nil), "[]"}, {map[string]int(nil), "map[]"}, {(*point)(nil), "<nil>"}, {[]error{nil, errors.New("e")}, "[<nil> e]"},
		{[]any{big.NewInt(5), big.NewFloat(2.5), (*big.Int)(nil)}, "[5 2.5 <nil>]"},
		{grumpy{1}, "%!v(PANIC=String method: not today)"}, {[]grumpy{{1}}, "[%!v(PANIC=String method: not today)]"},
	} {
		if got := Text(c.value); got != c.want {
			t.Errorf("%T reads %q, want %q", c.value, got, c.want)
		}
	}
	if now := time.Now(); strings.Contains(Text(now)+Text([]any{now, &now, stamp{at: now}}), "m=") {
		t.Errorf("a time reads %s", Text([]any{now, stamp{at: now}}))
	}
	list := &link{1, &link{2, &link{3, nil}}}
	if got := Text(list); !strings.HasPrefix(got, "&{N:1 Next:&{N:2 Next:0x") {
		t.Errorf("a list reads %s", got)
	}
	list.Next = list
	if got := Text(list); len(got) > 100 {
		t.Errorf("a ring reads %s", got)
	}
}

func TestLongValuesAreCut(t *testing.T) {
	many := map[int]int{}
	for i := range 3000 {
		many[i] = i
	}
	for _, c := range []struct {
		value       any
		begins, end string
	}{
		{make([]int, 1500), "[0 0 0", " 0 … 500 more]"}, {[1500]int{}, "[0 0", " … 500 more]"},
		{many, "map[0:0 1:1 2:2 3:3 ", " 999:999 … 2000 more]"},
		{struct{ M map[int]int }{many}, "{\n  M: map[0:0 1:1 ", " 99:99 … 2900 more]\n}"},
		{strings.Repeat("x", maxText+5), "xxx", "… (5 bytes more)"}, {[]byte(strings.Repeat("x", maxText+500)), "xxx", "… (500 bytes more)"},
		{[]string{strings.Repeat("x", 3000)}, "[\n  xxx", "… (2000 bytes more)\n]"},
	} {
		if got := Text(c.value); !strings.HasPrefix(got, c.begins) || !strings.HasSuffix(got, c.end) {
			t.Errorf("%T reads %.60s … %s", c.value, got, got[max(0, len(got)-60):])
		}
	}
}

// A value that does not fit on a line has its parts on lines of their own.
func TestNestedValuesAreIndented(t *testing.T) {
	type address struct{ Street, City string }
	type person struct {
		Name    string
		Age     int
		Home    *address
		Friends map[string]address
		Marks   []float64
	}
	v := person{"Ada Lovelace", 36, &address{"12 St James's Square", "London"}, map[string]address{"Charles Babbage": {"1 Dorset Street", "London"}, "Mary": {"38 Netherhall Gardens, Hampstead", "Greater London"}}, []float64{1, 2.5}}
	want := `{
  Name: "Ada Lovelace"
  Age: 36
  Home: &{Street:"12 St James's Square" City:London}
  Friends: map[
    "Charles Babbage": {Street:"1 Dorset Street" City:London}
    Mary: {Street:"38 Netherhall Gardens, Hampstead" City:"Greater London"}
  ]
  Marks: [1 2.5]
}`
	if got := Text(v); got != want {
		t.Errorf("reads\n%s", got)
	}
}

// A short value without pointers or ambiguous strings reads as %+v has it.
func TestShortTextIsFmts(t *testing.T) {
	type inner struct {
		n    int
		Temp degrees
		temp degrees
	}
	for _, v := range []any{
		inner{1, 2, 3}, &inner{1, 2, 3}, []inner{{1, 2, 3}, {}}, [2]bool{true}, &[]int{1}, &map[string]int{"b": 1, "a": 2},
		map[int][]string{3: {"x", "y"}, 1: nil}, map[uint8]float32{2: 0.5, 1: 1e9}, map[float64]any{1.5: 'x', -1: inner{}}, map[string]any{},
		map[bool]int{true: 1}, []any{nil, 1, "s", 2.5, 1i, error(nil), errors.New("e"), degrees(3), struct{}{}},
		[][]float64{{1, 2.5}, {}, nil}, []time.Duration{5}, struct {
			E error
			S fmt.Stringer
			F func()
			C chan int
			P unsafe.Pointer
			U uintptr
			B []byte
			e error
		}{E: errors.New("bad"), S: degrees(1), U: 5, B: []byte{1, 2}},
	} {
		if got, want := Text(v), fmt.Sprintf("%+v", v); got != want {
			t.Errorf("%T reads\n%s, fmt has\n%s", v, got, want)
		}
	}
}

// The work for a text follows what is shown of it, wherever the length is hidden.
func TestWorkForALargeValueIsBounded(t *testing.T) {
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
	tangle := map[string]any{}
	for i := range 50 {
		tangle[fmt.Sprint(i)] = tangle
	}
	counts := map[int]int{}
	for i := range 300_000 {
		counts[i] = i
	}
	for name, v := range map[string]any{
		"a pointer to a struct": &holder{"x", data}, "a struct": holder{"x", data}, "a map": map[string][]float64{"x": data},
		"nested slices": rows, "an interface": []any{1, data}, "a pointer to a slice": &data, "a slice that holds itself": loop,
		"a map in a struct": struct{ M map[string]holder }{map[string]holder{"k": {"x", data}}},
		"a long string":     struct{ S string }{strings.Repeat("x", many)}, "many structs": make([]holder, many), "many keys": counts,
		"maps in themselves": tangle, "an array": [1 << 16]holder{}, "bytes": make([]byte, many), "text": struct{ B []byte }{[]byte(strings.Repeat("x", many))},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b := Bundle(v)
		runtime.ReadMemStats(&after)
		text := b[Plain].(string)
		html, _ := b["text/html"].(string)
		if got := after.TotalAlloc - before.TotalAlloc; got > 24<<20 || len(text)+len(html) > 2*maxText {
			t.Errorf("%s: a text of %d bytes and %d of HTML took %d bytes of memory", name, len(text), len(html), got)
		}
	}
}

// A value that changes while it is shown may be torn: the part that cannot be read is
// told of, and nothing panics.
func TestTornValue(t *testing.T) {
	page, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	torn := unsafe.String(&page[0], 10)
	if err := syscall.Munmap(page); err != nil {
		t.Fatal(err)
	}
	if b := Bundle(struct{ S string }{torn}); !strings.Contains(b[Plain].(string), "cannot be shown") {
		t.Errorf("bundle %v", b)
	}
}

// Bytes that are no UTF-8 are shown as what they are: as text, all of them would be U+FFFD.
func TestBytesThatAreNoText(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{"a\xffb", `"a\xffb"`},
		{"a\ufffdb", "a\ufffdb"},
		{errors.New("bad \xff"), `"bad \xff"`},
		{[]string{"\xff", "\ufffd"}, "[\"\\xff\" \"\ufffd\"]"},
		{struct{ E error }{errors.New("\xc3")}, `{E:"\xc3"}`},
		{[]byte("a\xffb"), "[97 255 98]"},
	} {
		if got := Text(c.value); got != c.want {
			t.Errorf("%#v reads %q, want %q", c.value, got, c.want)
		}
	}
	if got := Brief("a\xff"); got != `"a\xff"` {
		t.Errorf("in a cell of a table it reads %q", got)
	}
	// A long text is cut between characters, and what is before the cut is all there.
	for shift := range 4 {
		head := strings.Repeat("x", shift)
		long := head + strings.Repeat("é€𝄞", 30_000)
		text, _, _ := strings.Cut(Text(long), "…")
		if !strings.HasPrefix(long, text) || len(text) < 199_997 {
			t.Errorf("after %q %d bytes are shown, which are not the first", head, len(text))
		}
		broken := head + "\xff" + strings.Repeat("é", 200_000)
		if got := Text(broken); !strings.HasPrefix(got, `"`+head+`\xffé`) {
			t.Errorf("a long text that is no UTF-8 begins %.20q", got)
		}
	}
}
