package main_test

import (
	"context"
	"flag"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

var (
	soakSeed  = flag.Uint64("soak-seed", 0, "seed of the random cells; 0 takes one from the clock")
	soakCells = flag.Int("soak-cells", 500, "number of random cells")
)

// soakLimit is when a soak of 1000 cells stops early: it looks for wrong values, not for
// speed.
const soakLimit = 6 * time.Minute

// TestSoak runs random cells in one session and compares all that they print with
// a model's values.
func TestSoak(t *testing.T) {
	seed := *soakSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("to repeat: go test ./kernel -run Soak -soak-seed %d", seed)
	limit := soakLimit * time.Duration(max(*soakCells, 1000)) / 1000
	ctx, cancel := context.WithTimeout(t.Context(), 2*limit)
	defer cancel()
	k, err := client.Start(ctx, kerneltest.Spec(t), client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	m := newModel(seed)
	began := time.Now()
	for i := range *soakCells {
		if time.Since(began) > limit {
			t.Logf("stopped after %d cells and %v", i, limit)
			return
		}
		runStep(ctx, t, k, i, m.next())
		if t.Failed() {
			return
		}
	}
}

func runStep(ctx context.Context, t *testing.T, k *client.Kernel, i int, s step) {
	t.Helper()
	cell := client.Cell{Code: s.code, GoOn: true}
	var once sync.Once
	var interrupts sync.WaitGroup
	if s.interrupt {
		cell.Event = func(m wire.Message) {
			if m.Type == "stream" {
				once.Do(func() { interrupts.Go(func() { _ = k.Interrupt(ctx) }) })
			}
		}
	}
	o, err := k.Execute(ctx, cell)
	interrupts.Wait()
	if err != nil {
		t.Fatalf("cell %d: %v\n%s", i, err, s.code)
	}
	failed := ""
	if o.Status != "ok" {
		failed = kerneltest.FailureText(o)
	}
	switch {
	case s.anyStatus:
	case s.fails == "" && failed != "":
		t.Errorf("cell %d failed:\n%s\n%s", i, s.code, failed)
	case !strings.Contains(failed, s.fails):
		t.Errorf("cell %d should fail with %q:\n%s\nit said: %s", i, s.fails, s.code, failed)
	}
	if out := o.Stream("stdout"); out != s.out {
		t.Errorf("cell %d:\n%s\nprinted %q, the model says %q", i, s.code, out, s.out)
	}
}
