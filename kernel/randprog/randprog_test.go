package randprog_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/randprog"
	"locuslab/kernel/randprog/program"
)

var (
	programCount = flag.Int("programs", usualPrograms, "number of random programs")
	firstSeed    = flag.Uint64("seed", 1, "seed of the first random program")
	duration     = flag.Duration("for", 0, "run random programs for as long as this, instead of a number")
	kernels      = flag.Int("kernels", 2, "number of kernels at a time")
	cacheDir     = flag.String("cache", "", "folder of the kernel's cache; empty for one that goes with the test")
	kernelExe    = flag.String("kernel", "", "kernel to run instead of one that is built")
	mostReduced  = flag.Int("reduce", 5, "number of differences that are reduced")
	reduceFor    = flag.Duration("reduce-for", 2*time.Minute, "how long a difference is reduced at most")
	without      = flag.String("without", "", "what programs are to be without, comma-separated: see Generate")
	generated    = flag.Int("generated", 50, "number of programs of which only the reference is checked")
	verbose      = flag.Bool("say", false, "say which programs plain Go refuses, and why")
)

// batch is how many programs are compiled together.
const batch = 50

const (
	usualPrograms = 24
	usualLimit    = 2 * time.Minute // when the usual number of programs is cut short, on a slow machine
)

// TestRandomPrograms runs random programs in notebooks and compares what each cell
// prints with plain Go.
func TestRandomPrograms(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tr := &trial{
		T: t, spec: kernelSpec(t), root: t.TempDir(), cancel: cancel, tasks: make(chan task),
		judge: newJudge(t.TempDir()), reducer: newJudge(t.TempDir()),
	}
	began := time.Now()
	var workers sync.WaitGroup
	for k := range *kernels {
		workers.Go(func() { tr.work(ctx, filepath.Join(tr.root, fmt.Sprint("notebook", k))) })
	}
	limit := *duration
	if limit == 0 && *programCount <= usualPrograms {
		limit = usualLimit
	}
	for seed := *firstSeed; limit == 0 || time.Since(began) < limit; {
		var list []program.Program
		for len(list) < batch && (*duration > 0 || int(seed-*firstSeed) < *programCount) {
			list = append(list, ofSeed(seed))
			seed++
		}
		if len(list) == 0 || !tr.judgeAndSend(ctx, list) {
			break
		}
	}
	close(tr.tasks)
	workers.Wait()
	fmt.Printf("random programs: %d programs, %d cells, %d differences in %v; plain Go refused %d, %d did not end in it\n",
		tr.programs.Load(), tr.cells.Load(), tr.differences.Load(), time.Since(began).Round(time.Second), tr.judge.refused, tr.judge.stuck)
}

// ofSeed makes the program of a seed.
func ofSeed(seed uint64) program.Program {
	out := map[string]bool{}
	for f := range strings.SplitSeq(*without, ",") {
		out[f] = true
	}
	r := rand.New(rand.NewPCG(seed, 3))
	return program.Cut(fmt.Sprintf("seed-%d", seed), randprog.Generate(seed, out), 1+r.IntN(7), r)
}

// A task is a program and what it must do.
type task struct {
	program program.Program
	want    []program.Outcome
}

// A trial runs programs in several kernels.
type trial struct {
	*testing.T
	spec   client.Spec
	root   string
	cancel func()
	tasks  chan task
	judge  *judge

	reducing sync.Mutex
	reducer  *judge

	programs, cells, differences atomic.Int64
}

// judgeAndSend hands programs to the kernels, and reports whether that is worth going
// on with.
func (tr *trial) judgeAndSend(ctx context.Context, list []program.Program) bool {
	want, err := tr.judge.outcomes(ctx, list)
	if err != nil {
		tr.Error(err)
		return false
	}
	for i, p := range list {
		if want[i] == nil {
			continue
		}
		select {
		case tr.tasks <- task{p, want[i]}:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// work runs programs in one notebook. Most follow others in the same kernel, to find
// what is left of those.
func (tr *trial) work(ctx context.Context, dir string) {
	n := &notebook{spec: tr.spec, dir: dir}
	defer n.close()
	for run := 0; ; run++ {
		task, more := <-tr.tasks
		if !more {
			return
		}
		i, difference, err := n.first(ctx, task.program, task.want, run%10 == 0)
		if err != nil {
			tr.Error(err)
			tr.cancel()
			return
		}
		tr.programs.Add(1)
		tr.cells.Add(int64(len(task.program.Cells)))
		switch {
		case difference == "":
		case int(tr.differences.Add(1)) > *mostReduced:
			tr.Errorf("%s, cell %d: %s", task.program.Name, i+1, difference)
		default:
			tr.reducing.Lock()
			report(ctx, tr.T, n, tr.reducer, task, i, difference)
			tr.reducing.Unlock()
		}
	}
}
