package nb

import (
	"encoding/json"
	"errors"
	"image"
	"strings"
	"testing"
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
