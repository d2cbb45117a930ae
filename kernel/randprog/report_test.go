package randprog_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/randprog/program"
)

// report reduces a program that differs and prints it as a case.
func report(ctx context.Context, t *testing.T, n *notebook, j *judge, of task, cell int, difference string) {
	p, want := of.program, of.want
	kind := kindOf(difference)
	began := time.Now()
	fail := func(list []program.Program) []bool {
		fails := make([]bool, len(list))
		if time.Since(began) > *reduceFor {
			return fails
		}
		want, err := j.outcomes(ctx, list)
		if err != nil {
			t.Log(err)
			return fails
		}
		for i, p := range list {
			if len(want[i]) == 0 {
				continue
			}
			if _, d, err := n.first(ctx, p, want[i], false); err == nil && d != "" && kindOf(d) == kind {
				fails[i] = true
				break // Reduce goes on with the first
			}
		}
		return fails
	}
	p.Cells = p.Cells[:cell+1]
	small := program.Reduce(p, fail)
	if w, err := j.outcomes(ctx, []program.Program{small}); err == nil && w[0] != nil {
		want = w[0]
		if _, d, err := n.first(ctx, small, want, true); err == nil && d != "" {
			difference = d
		} else {
			difference += "\n(the reduced program shows it only in a kernel that has run others)"
		}
	}
	t.Errorf("%s, cell %d: %s\nreduced in %v:\n\n%s", p.Name, cell+1, difference, time.Since(began).Round(time.Second), program.Case(p.Name, small, want))
}

// What differs between differences of one cause: places, numbers, the kernel's names.
var variable = regexp.MustCompile(`In\[[\d:\]]+|\d+|\b(nb\w+|[^ ]/[^ ]*)\b`)

// kindOf is what differences of one cause have in common.
func kindOf(difference string) string {
	line, _, _ := strings.Cut(difference, "\n")
	line = variable.ReplaceAllString(line, "")
	return line[:min(len(line), 90)]
}
