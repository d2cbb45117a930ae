package randprog_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
	"locuslab/kernel/randprog/program"
)

func TestMain(m *testing.M) { kerneltest.Main(m) }

// kernelSpec registers the kernel, or the one and with the cache that the flags name.
func kernelSpec(t *testing.T) client.Spec {
	t.Helper()
	exe := *kernelExe
	if exe == "" {
		exe = kerneltest.Exe(t)
	}
	cache := *cacheDir
	if cache == "" {
		cache = t.TempDir()
	}
	return kerneltest.Register(t, exe, cache)
}

// A notebook is a kernel that programs run in, one after another.
type notebook struct {
	spec   client.Spec
	dir    string
	kernel *client.Kernel
	said   bytes.Buffer
	fresh  bool // nothing has run in it
}

func (n *notebook) close() {
	if n.kernel != nil {
		_ = n.kernel.Close() // it may have been killed because it hung
		n.kernel = nil
	}
}

// ready makes the notebook empty: by a new kernel, or by a reset of the one that
// runs.
func (n *notebook) ready(ctx context.Context, restart bool) error {
	if n.kernel != nil && n.fresh {
		return nil
	}
	if n.kernel != nil && !restart {
		o, err := n.kernel.Run(ctx, "%reset")
		if err == nil && o.Status == "ok" {
			return nil
		}
		fmt.Println("reset:", o, err)
	}
	n.close()
	n.said.Reset()
	if err := os.MkdirAll(n.dir, 0o755); err != nil {
		return err
	}
	var err error
	n.kernel, err = client.Start(ctx, n.spec, client.Options{Dir: n.dir, Stderr: &n.said})
	n.fresh = true
	return err
}

// cellLimit is how long a cell may take.
const cellLimit = 180 * time.Second

// A sent cell is one that the kernel has been asked to run.
type sent struct {
	cell       program.Cell
	running    *client.Running
	interrupts sync.WaitGroup
}

// send asks the kernel to run a cell.
func (n *notebook) send(ctx context.Context, c program.Cell) (*sent, error) {
	n.fresh = false
	s := &sent{cell: c}
	cell := client.Cell{Code: c.Code(), GoOn: true}
	var once sync.Once
	if c.Interrupted() {
		cell.Event = func(m wire.Message) {
			var content struct{ Name string }
			if m.Type == "stream" && m.Decode(&content) == nil && content.Name == "stdout" {
				once.Do(func() { s.interrupts.Go(func() { _ = n.kernel.Interrupt(ctx) }) })
			}
		}
	}
	var err error
	s.running, err = n.kernel.Start(cell)
	return s, err
}

// outcome waits for a cell's end.
func (n *notebook) outcome(ctx context.Context, s *sent) (program.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, cellLimit)
	defer cancel()
	c := s.cell
	o, err := s.running.Wait(ctx)
	s.interrupts.Wait()
	if err != nil {
		return program.Outcome{}, fmt.Errorf("%w\n%s", err, n.said.String())
	}
	result := program.Outcome{Out: o.Stream("stdout")}
	if len(c.Pieces) > 0 && c.Pieces[len(c.Pieces)-1].Kind == program.Result {
		result.Result = o.Result("text/plain")
	}
	if o.Status != "ok" {
		result.Failed = o.Status
		if f := o.Failure(); f != nil {
			result.Failed = kerneltest.FailureText(o)
		}
	}
	return result, nil
}

// sentTogether reports whether the cells of a program are sent at once, as "Run All" does, so that
// each is compiled while the one before runs: those of every other seed, so that a program is
// reduced in the way in which it failed.
func sentTogether(p program.Program) bool { return p.Name != "" && p.Name[len(p.Name)-1]%2 == 1 }

// compare runs a program and calls differs for each cell that is not as it should be,
// until that returns false.
func (n *notebook) compare(ctx context.Context, p program.Program, want []program.Outcome, restart bool, differs func(cell int, difference string) bool) error {
	if err := n.ready(ctx, restart); err != nil {
		return fmt.Errorf("start a kernel: %w\n%s", err, n.said.String())
	}
	cells := p.Cells[:min(len(want), len(p.Cells))]
	var all []*sent
	for i, c := range cells {
		var err error
		for err == nil && (len(all) <= i || sentTogether(p) && len(all) < len(cells) && !c.Interrupted() && !cells[len(all)].Interrupted()) {
			var s *sent
			s, err = n.send(ctx, cells[len(all)])
			all = append(all, s)
		}
		var got program.Outcome
		if err == nil {
			got, err = n.outcome(ctx, all[i])
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			n.close()
			differs(i, "the kernel does not answer: "+err.Error())
			return nil
		}
		if program.Unreached(p.Cells[:i+1], want, got) {
			return nil
		}
		if d := program.Difference(want[i], got); d != "" && !differs(i, d) {
			return nil
		}
	}
	return nil
}

// first runs a program and tells the first difference from what it should do.
func (n *notebook) first(ctx context.Context, p program.Program, want []program.Outcome, restart bool) (cell int, difference string, err error) {
	err = n.compare(ctx, p, want, restart, func(i int, d string) bool {
		cell, difference = i, d
		return false
	})
	return cell, difference, err
}
