package randprog_test

import (
	"fmt"
	"testing"
	"time"

	"locuslab/kernel/randprog"
	"locuslab/kernel/randprog/program"
)

// TestRepetition runs cells that differ in one token each, three times, in an order of
// chance.
func TestRepetition(t *testing.T) {
	judge := newJudge(t.TempDir())
	n := &notebook{spec: kernelSpec(t), dir: t.TempDir()}
	defer n.close()
	p := randprog.Repetition(*firstSeed)
	outcomes, err := judge.outcomes(t.Context(), []program.Program{p})
	if err != nil {
		t.Fatal(err)
	}
	want := outcomes[0]
	if want == nil {
		t.Fatal("plain Go refuses the cells: -say tells why")
	}
	began := time.Now()
	first, told, differences := 0, "", 0
	err = n.compare(t.Context(), p, want, true, func(cell int, difference string) bool {
		if differences++; differences == 1 {
			first, told = cell, difference
		} else if differences <= 10 {
			t.Errorf("%s, cell %d: %s\n%s", p.Name, cell+1, difference, p.Cells[cell].Code())
		}
		return true // the cells do not depend on each other
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("repetition: %d cells, %d differences in %v\n", len(p.Cells), differences, time.Since(began).Round(time.Second))
	if told != "" {
		report(t.Context(), t, n, judge, task{p, want}, first, told)
	}
}
