package svg

import (
	"strings"
	"testing"
)

func TestTextFits(t *testing.T) {
	for _, f := range []Font{{}, {Size: 20, Bold: true}, {Mono: true}} {
		for _, text := range []string{"", "short", "a rather long label, with words", "漢字漢字漢字漢字"} {
			got := Fit(text, f, 80)
			if w := Width(got, f); w > 80 {
				t.Errorf("%q is %.0f wide, more than 80", got, w)
			}
			if got != text && !strings.HasSuffix(got, "…") {
				t.Errorf("%q cut to %q", text, got)
			}
		}
	}
	lines := Wrap("one two three four five six", Font{}, 90)
	if strings.Join(lines, " ") != "one two three four five six" || len(lines) < 2 {
		t.Errorf("wrapped into %q", lines)
	}
}

// TestStyleSheet: a picture carries the rules of the paints that it uses, in both forms,
// and no others.
func TestStyleSheet(t *testing.T) {
	p := New(100, 50, "t", "d")
	p.Rect(0, 0, 10, 10, Style{Fill: Green})
	doc := p.SVG()
	if strings.Count(doc, ".lf-green{") != 2 || strings.Contains(doc, "orange") {
		t.Error(doc)
	}
}
