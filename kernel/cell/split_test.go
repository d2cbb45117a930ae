package cell

import (
	"strings"
	"testing"
)

func kinds(c *Cell) string {
	var words []string
	for _, item := range c.Items {
		words = append(words, item.Kind.String()+":"+strings.ReplaceAll(c.Source(item), "\n", "⏎"))
	}
	return strings.Join(words, " | ")
}

func TestSplit(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"x := 1\ny := 2", "statement:x := 1 | statement:y := 2"},
		{"import \"fmt\"\nfunc f() {\n}\nf()", "import:import \"fmt\" | func:func f() {⏎} | statement:f()"},
		{"func (p *P) M() int { return 1 }", "method:func (p *P) M() int { return 1 }"},
		{"func (a int) { }(1)", "statement:func (a int) { }(1)"},
		{"func() { x() }()", "statement:func() { x() }()"},
		{"%env A=b\n!echo \"it's\nx", "magic:%env A=b | magic:!echo \"it's | statement:x"},
		{"s := `\n%no\n!no\n`\nx", "statement:s := `⏎%no⏎!no⏎` | statement:x"},
		{"a := b &&\n!c", "statement:a := b &&⏎!c"},
		{"f(\n!a,\n)", "statement:f(⏎!a,⏎)"},
		{"!ls \\\n  -l\nx", "magic:!ls \\⏎  -l | statement:x"},
		{"x?", "magic:x?"}, {"strings.ToUpper?\nx", "magic:strings.ToUpper? | statement:x"}, {"?x", "magic:?x"},
		{"// only a comment", ""}, {"", ""}, {"package main\nfunc main() {}", "package:package main | func:func main() {}"},
		{"for i := 0; i < 3; i++ {\n}; x", "statement:for i := 0; i < 3; i++ {⏎} | statement:x"},
		{"if f := func() {}; f != nil {\n}", "statement:if f := func() {}; f != nil {⏎}"},
		{"L: for i := 0; ; {\n}", "statement:L: for i := 0; ; {⏎}"},
		{"switch x := f(); x {\n}\ny", "statement:switch x := f(); x {⏎} | statement:y"},
		{"L:\nfor {\nbreak L\n}", "statement:L:⏎for {⏎break L⏎}"},
		{"if a {\n} else {\n}\nb", "statement:if a {⏎} else {⏎} | statement:b"},
		{"type (\nA int\n)\nconst c = 1; var v int", "type:type (⏎A int⏎) | const:const c = 1 | var:var v int"},
		{"func Map[T any](s []T) {}", "func:func Map[T any](s []T) {}"},
		{"func (s *S[T]) Push(t T) {}", "method:func (s *S[T]) Push(t T) {}"},
		{"func (a int) (b int) { return a }(1)", "statement:func (a int) (b int) { return a }(1)"},
	} {
		if got := kinds(Split(test.text)); got != test.want {
			t.Errorf("Split(%q)\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestSplitTellsWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		text              string
		open              int
		unfinished, wrong bool
	}{
		{"f(", 1, false, false},
		{"func f() {\nif x {", 16, false, false},
		{"x := `abc", -1, true, false},
		{"/* abc", -1, true, false},
		{"a := b +", -1, true, false},
		{"x }", -1, false, true},
		{"f(]", -1, false, true},
		{"x++", -1, false, false},
	} {
		c := Split(test.text)
		if c.Unfinished != test.unfinished || (c.Err != nil) != test.wrong || c.Open != test.open && !test.wrong {
			t.Errorf("Split(%q): open %d, unfinished %v, error %v", test.text, c.Open, c.Unfinished, c.Err)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"x := 1", "%time f()\nfunc (p P) m() {}", "`\n!x", "'", "\"", "x?", "}{", "!a\\\n", "\xff?", "func (", "a /*", "𝕏 := `"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Split(text)
		end := 0
		for _, item := range c.Items {
			if item.Start < end || item.End < item.Start || item.End > len(text) {
				t.Fatalf("Split(%q): item %v [%d,%d) behind %d", text, item.Kind, item.Start, item.End, end)
			}
			end = item.End
			c.Position(item.Start)
		}
	})
}
