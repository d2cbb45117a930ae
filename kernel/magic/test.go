package magic

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"locuslab/kernel/display"
)

var test = command{"%test [-test.flags]", "run the cell's tests, benchmarks, examples and fuzz tests as go test does; -test.v and -test.bench=. unless flags are given", runTest}

var (
	testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Example|Fuzz)(?:[^a-z(][\pL\pN_]*)?)\(`)
	testLine     = regexp.MustCompile(`(?m)^(//gonb:)?%test\b.*$`)
)

// runTest has go test build the cell's test functions, or, as gonb does where it has none, all
// that earlier cells declared, to a program of their own.
func runTest(ctx context.Context, h Host, c Call, _ display.Output) error {
	code := testLine.ReplaceAllString(c.Body, "")
	if !testFunction.MatchString(code) {
		var earlier strings.Builder
		for _, d := range h.Declared() {
			if d.Kind == "func" && testFunction.MatchString("func "+d.Name+"(") {
				earlier.WriteString("\n_ = " + d.Name)
			}
		}
		if earlier.Len() == 0 {
			return usage("%%test found no function TestXxx, BenchmarkXxx, ExampleXxx or FuzzXxx in its cell or an earlier one")
		}
		code += earlier.String()
	}
	flags, err := words(c.Args)
	switch {
	case err != nil:
		return err
	case len(flags) == 0:
		flags = []string{"-test.v", "-test.bench=."}
	default:
		flags = slices.DeleteFunc(flags, func(f string) bool { return f == "" }) // %test "" is without any
	}
	passed, err := h.RunTests(ctx, code, flags)
	if err == nil && !passed {
		return usage("a test has failed")
	}
	return err
}
