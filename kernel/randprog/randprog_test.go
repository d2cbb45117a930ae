package randprog_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"locuslab/kernel/randprog"
)

var (
	programCount = flag.Int("programs", 200, "number of random programs")
	firstSeed    = flag.Uint64("seed", 1, "seed of the first random program")
	duration     = flag.Duration("for", 0, "run random programs for as long as this, instead of a number")
	kernels      = flag.Int("kernels", 2, "number of kernels at a time")
	cacheDir     = flag.String("cache", "", "folder of the kernel's cache; empty for one that goes with the test")
	kernelExe    = flag.String("kernel", "", "kernel to run instead of one that is built")
	mostReduced  = flag.Int("reduce", 5, "number of differences that are reduced")
	reduceFor    = flag.Duration("reduce-for", 2*time.Minute, "how long a difference is reduced at most")
	without      = flag.String("without", "", "kinds of pieces that programs are without, by their function's name")
	verbose      = flag.Bool("say", false, "say which programs plain Go refuses")
)

// batch is how many programs are compiled together.
const batch = 50

// make writes the program of a seed.
func program(seed uint64) randprog.Program {
	r := rand.New(rand.NewPCG(seed, 3))
	return randprog.Cut(fmt.Sprintf("seed-%d", seed), randprog.Generate(seed, left()), 1+r.IntN(7), r)
}

// programsLimit is when a run of a number of programs stops early, on a slow machine.
const programsLimit = 2 * time.Minute

// TestRandomPrograms runs random programs in notebooks and compares what each cell
// prints with plain Go.
func TestRandomPrograms(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	spec := kernelSpec(t)
	judge := newJudge(t.TempDir())
	root := t.TempDir()
	began := time.Now()
	type task struct {
		program randprog.Program
		want    []randprog.Outcome
	}
	tasks := make(chan task)
	var programs, cells, differences atomic.Int64
	var workers sync.WaitGroup
	var reducing sync.Mutex
	reducer := newJudge(t.TempDir())
	for k := range *kernels {
		workers.Go(func() {
			n := &notebook{spec: spec, dir: filepath.Join(root, fmt.Sprint("notebook", k))}
			defer n.close()
			for task := range tasks {
				// Most programs follow others in a kernel, to find what is left of those.
				restart := programs.Load()%10 == 0
				i, difference, err := n.compare(ctx, task.program, task.want, restart)
				if err != nil {
					t.Error(err)
					cancel()
					return
				}
				programs.Add(1)
				cells.Add(int64(len(task.program.Cells)))
				if difference == "" {
					continue
				}
				if d := differences.Add(1); int(d) > *mostReduced {
					t.Errorf("%s, cell %d: %s", task.program.Name, i+1, difference)
					continue
				}
				reducing.Lock()
				report(ctx, t, n, reducer, task.program, task.want, i, difference)
				reducing.Unlock()
			}
		})
	}
	limit := *duration
	if limit == 0 && *programCount <= 200 {
		limit = programsLimit
	}
	for seed := *firstSeed; ctx.Err() == nil; {
		var list []randprog.Program
		for len(list) < batch && (*duration > 0 || int(seed-*firstSeed) < *programCount) {
			list = append(list, program(seed))
			seed++
		}
		if len(list) == 0 || limit > 0 && time.Since(began) > limit {
			break
		}
		want, err := judge.outcomes(ctx, list)
		if err != nil {
			t.Error(err)
			break
		}
		for i, p := range list {
			if want[i] != nil {
				tasks <- task{p, want[i]}
			}
		}
	}
	close(tasks)
	workers.Wait()
	fmt.Printf("random programs: %d programs, %d cells, %d differences in %v; plain Go refused %d, %d did not end in it\n",
		programs.Load(), cells.Load(), differences.Load(), time.Since(began).Round(time.Second), judge.refused, judge.stuck)
}

// report reduces a program that differs and prints it as a case.
func report(ctx context.Context, t *testing.T, n *notebook, j *judge, p randprog.Program, want []randprog.Outcome, cell int, difference string) {
	kind := kindOf(difference)
	began := time.Now()
	deadline := began.Add(*reduceFor)
	stays := func(list []randprog.Program) []bool {
		fails := make([]bool, len(list))
		if time.Now().After(deadline) {
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
			_, d, err := n.compare(ctx, p, want[i], false)
			if err == nil && d != "" && kindOf(d) == kind {
				fails[i] = true
				return fails // the others are not asked about
			}
		}
		return fails
	}
	p.Cells = p.Cells[:cell+1]
	small := randprog.Reduce(p, stays)
	if w, err := j.outcomes(ctx, []randprog.Program{small}); err == nil && w[0] != nil {
		want = w[0]
		if _, d, err := n.compare(ctx, small, want, true); err == nil && d != "" {
			difference = d
		} else {
			difference += "\n(the reduced program shows it only in a kernel that has run others)"
		}
	}
	t.Errorf("%s, cell %d: %s\nreduced in %v:\n\n%s", p.Name, cell+1, difference, time.Since(began).Round(time.Second), randprog.Case(p.Name, small, want))
}

var variable = regexp.MustCompile(`In\[[\d:\]]+|\d+|\b(nb\w+|[^ ]/[^ ]*)\b`)

// kindOf is what differences of one cause have in common.
func kindOf(difference string) string {
	line, _, _ := strings.Cut(difference, "\n")
	line = variable.ReplaceAllString(line, "")
	return line[:min(len(line), 90)]
}

func left() map[string]bool {
	out := map[string]bool{}
	for f := range strings.SplitSeq(*without, ",") {
		out[f] = true
	}
	return out
}

// TestRepetition runs cells that differ in one token each, three times, in an order of
// chance.
func TestRepetition(t *testing.T) {
	judge := newJudge(t.TempDir())
	n := &notebook{spec: kernelSpec(t), dir: t.TempDir()}
	defer n.close()
	p := randprog.Repetition(*firstSeed)
	want, err := judge.outcomes(t.Context(), []randprog.Program{p})
	if err != nil {
		t.Fatal(err)
	}
	if want[0] == nil {
		t.Fatal("plain Go refuses the cells")
	}
	began := time.Now()
	cell, difference, err := n.compare(t.Context(), p, want[0], true)
	if err != nil {
		t.Fatal(err)
	}
	if difference != "" {
		report(t.Context(), t, n, judge, p, want[0], cell, difference)
	}
	fmt.Printf("repetition: %d cells in %v\n", len(p.Cells), time.Since(began).Round(time.Second))
}
