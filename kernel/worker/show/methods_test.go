package show

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"reflect"
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

type viaPointer struct{ n int }

func (*viaPointer) SVG() (string, error)  { return "<svg/>", nil }
func (*viaPointer) HTML() (string, error) { return "", errors.New("not now") }
func (v *viaPointer) Markdown() string    { panic("no") }
func (v viaPointer) String() string       { return "via" }

func TestMethodsOfThePointerAndThoseThatFail(t *testing.T) {
	b := Bundle(viaPointer{1})
	if b["image/svg+xml"] != "<svg/>" || b["text/html"] != nil || b["text/markdown"] != nil || b[Plain] != "via" {
		t.Errorf("bundle %v", b)
	}
}

type celsius float64

type shape interface{ Area() float64 }

type square struct{ Side float64 }

func (s square) Area() float64 { return s.Side * s.Side }

func TestRegisteredDisplays(t *testing.T) {
	Register(reflect.TypeFor[celsius](), func(v any) map[string]any {
		return map[string]any{"text/html": fmt.Sprintf("<b>%v°</b>", float64(v.(celsius)))}
	})
	Register(reflect.TypeFor[shape](), func(v any) map[string]any {
		if v.(shape).Area() < 0 {
			panic("no such thing")
		}
		return map[string]any{Plain: fmt.Sprint("area ", v.(shape).Area())}
	})
	defer Register(reflect.TypeFor[celsius](), nil)
	warm := celsius(30)
	for _, v := range []any{warm, &warm} {
		if b := Bundle(v); b["text/html"] != "<b>30°</b>" || b[Plain] != "30" {
			t.Errorf("%T: %v", v, b)
		}
	}
	if b := Bundle(square{3}); b[Plain] != "area 9" {
		t.Errorf("by an interface: %v", b)
	}
	Register(reflect.TypeFor[square](), func(any) map[string]any { panic("at the disco") })
	if b := Bundle(square{3}); b[Plain] != "{Side:3}" {
		t.Errorf("a display that panics: %v", b)
	}
}
