package magic

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"locuslab/kernel/display"
)

var test = command{"%test [-test.flags]", "run the cell's Test and Benchmark functions with the testing package", runTest}

var (
	testFunction = regexp.MustCompile(`(?m)^func ((Test|Benchmark)([^a-z(][\pL\pN_]*)?)\(`)
	testLine     = regexp.MustCompile(`(?m)^(//gonb:)?%test\b.*$`)
)

// runTest has the testing package run the functions in a program of their own,
// which it ends with their result. Like gonb it takes those of the cell, else all
// that earlier cells declared, and the flags -test.v and -test.bench=. unless
// others are given.
func runTest(ctx context.Context, h Host, c Call, _ display.Output) error {
	var tests, benchmarks strings.Builder
	add := func(kind, name string) {
		list := &tests
		if kind == "Benchmark" {
			list = &benchmarks
		}
		fmt.Fprintf(list, "testing.Internal%s{%q, %s}, ", kind, name, name)
	}
	for _, f := range testFunction.FindAllStringSubmatch(c.Body, -1) {
		add(f[2], f[1])
	}
	if tests.Len() == 0 && benchmarks.Len() == 0 {
		for _, d := range h.Declared() {
			if f := testFunction.FindStringSubmatch("func " + d.Name + "("); f != nil && d.Kind == "func" {
				add(f[2], d.Name)
			}
		}
	}
	if tests.Len() == 0 && benchmarks.Len() == 0 {
		return usage("%%test found no function TestXxx or BenchmarkXxx in its cell or an earlier one")
	}
	flags := []string{"-test.v", "-test.bench=."}
	if given := strings.Fields(strings.Trim(c.Args, `"`)); len(given) > 0 {
		flags = given
	}
	passed, err := h.RunApart(ctx, testLine.ReplaceAllString(c.Body, "")+fmt.Sprintf(`
os.Args = append([]string{"test"}, %#v...)
testing.Main(regexp.MatchString, []testing.InternalTest{%s}, []testing.InternalBenchmark{%s}, nil)
`, flags, tests.String(), benchmarks.String()))
	if err == nil && !passed {
		return usage("a test has failed")
	}
	return err
}
