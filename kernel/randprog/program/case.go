package program

import (
	"fmt"
	"go/format"
	"regexp"
	"strings"
)

// Case writes a program and what its cells must do as a case of
// kernel/semantics/testdata.
func Case(title string, p Program, want []Outcome) string {
	var b strings.Builder
	b.WriteString(title + "\n")
	for i, c := range p.Cells {
		if i >= len(want) {
			break
		}
		if c.Interrupted() {
			b.WriteString("-- cell interrupt --\n")
		} else {
			b.WriteString("-- cell --\n")
		}
		b.WriteString(formatted(c.Code()) + "\n")
		if out := want[i].Out; out != "" {
			fmt.Fprintf(&b, "-- out --\n%s\n", strings.TrimSuffix(out, "\n"))
		}
		if want[i].Result != "" {
			fmt.Fprintf(&b, "-- result --\n%s\n", want[i].Result)
		}
		if want[i].Failed != "" {
			fmt.Fprintf(&b, "-- err --\n%s\n", regexp.QuoteMeta(want[i].Failed))
		}
	}
	return b.String()
}

// formatted is a cell as gofmt writes it, where that is possible.
func formatted(code string) string {
	const head = "package p\n\nfunc _() {\n"
	text, err := format.Source([]byte(head + code + "\n}\n"))
	if err != nil {
		if text, err := format.Source([]byte(code)); err == nil {
			return strings.TrimSpace(string(text))
		}
		return strings.TrimSpace(code)
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(string(text), head), "}\n")
	lines := strings.Split(strings.TrimSpace(inner), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "\t")
	}
	return strings.Join(lines, "\n")
}
