package table

import (
	"math"
	"strings"
	"testing"
)

func TestNumbersAreShownShort(t *testing.T) {
	table, err := New([]string{"x"}, []float64{16.096167146974064, 2, -0.5, 120656.57, 1.0 / 3e7, 1e20, math.Inf(1), math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, line := range strings.Split(strings.TrimSpace(table.String()), "\n")[1:] {
		shown = append(shown, strings.Fields(line)[1])
	}
	want := "16.096167 2 -0.5 120656.57 3.333333e-08 1e+20 +Inf NaN"
	if got := strings.Join(shown, " "); got != want {
		t.Errorf("shown are %s, want %s", got, want)
	}
}
