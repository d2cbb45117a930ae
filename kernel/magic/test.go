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
// which it ends with their result. Like gonb it takes those of the cell, and the
// flags -test.v and -test.bench=. unless others are given.
func runTest(ctx context.Context, h Host, c Call, _ display.Output) error {
	var tests, benchmarks strings.Builder
	for _, f := range testFunction.FindAllStringSubmatch(c.Body, -1) {
		list, kind := &tests, "Test"
		if f[2] == "Benchmark" {
			list, kind = &benchmarks, "Benchmark"
		}
		fmt.Fprintf(list, "testing.Internal%s{%q, %s}, ", kind, f[1], f[1])
	}
	if tests.Len() == 0 && benchmarks.Len() == 0 {
		return usage("%%test found no function TestXxx or BenchmarkXxx in its cell")
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
