package benchstat

import (
	"fmt"
	"strings"
	"testing"
)

// runs are results of six runs around a time in nanoseconds.
func runs(name string, ns float64, bytes int) (text string) {
	for i := range 6 {
		text += fmt.Sprintf("Benchmark%s-2  \t 1000\t %.1f ns/op\t %d B/op\t 1 allocs/op\n", name, ns*(1+float64(i)/1000), bytes)
	}
	return text
}

func TestTable(t *testing.T) {
	text := "goos: linux\nBenchmarkSlow\n" + runs("Slow", 2000, 2048) + "chatter\n" + runs("Fast/n=8", 100, 16) + runs("Same", 2000, 2048) + "PASS\n"
	got, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(got.String(), "\n")
	if len(lines) != 4 || got.Rows() != 3 {
		t.Fatalf("\n%s", got)
	}
	for i, wants := range [][]string{
		{"benchmark", "time/op", "B/op", "allocs/op", "against Slow"},
		{"Slow", "2.005µs ± ", "2.000KiB", "  1"},
		{"Fast/n=8", "100.3ns ±", " 16B", "0.05 ×", "p=0.002 n=6"},
		{"Same", "2.005µs", "~ (p=1.000 n=6)"},
	} {
		for _, want := range wants {
			if !strings.Contains(lines[i], want) {
				t.Errorf("line %d has no %q:\n%s", i, want, got)
			}
		}
	}
	if h := got.HTML(); strings.Count(h, "<tr>") != 4 || !strings.Contains(h, "<td style=\"white-space:nowrap\">Fast/n=8</td>") {
		t.Errorf("%s", h)
	}
}

// TestNamesAreText: what is in a name cannot be HTML.
func TestNamesAreText(t *testing.T) {
	got, err := Read("Benchmark<b>/x 10 5 ns/op\n")
	if err != nil || got.Rows() != 1 || strings.Contains(got.HTML(), "<b>") {
		t.Errorf("%v %s", err, got.HTML())
	}
}

func TestCut(t *testing.T) {
	const result = "BenchmarkA-2   \t      10\t         5.5 ns/op\t 0 B/op\n"
	for line, want := range map[string][2]string{
		result: {"", result}, "BenchmarkA\n": {"", "BenchmarkA\n"}, "PASS\n": {"", "PASS\n"}, "cpu: x\n": {"", "cpu: x\n"},
		"chatter" + result:                  {"chatter", result},
		"BenchmarkA \t 1\t 3.5 things/op\n": {"", "BenchmarkA \t 1\t 3.5 things/op\n"},
		"Benchmarking now\n":                {"Benchmarking now\n", ""},
		"n is 5\n":                          {"n is 5\n", ""},
		"--- FAIL: BenchmarkA":              {"--- FAIL: BenchmarkA", ""},
		"":                                  {"", ""},
	} {
		if other, result := Cut(line); other != want[0] || result != want[1] {
			t.Errorf("%q: %q and %q", line, other, result)
		}
	}
}
