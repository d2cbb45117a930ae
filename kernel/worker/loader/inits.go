package loader

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"locuslab/kernel/worker/loader/memory"
)

// An initTask is the initialisation of a package: its variables, then its init
// functions.
type initTask struct {
	name    string // of the package
	address uintptr
	needs   []*initTask // packages that come before
	started atomic.Bool
	ready   atomic.Bool // it, and all that it needs, is initialised
}

// The runtime's initTask has a word of state, and a word that counts its functions.
const initDone = 2

func (t *initTask) done() bool  { return atomic.LoadUint32(memory.At[uint32](t.address)) == initDone }
func (t *initTask) empty() bool { return *memory.At[uint32](t.address + 4) == 0 }

// initSuffix is how the name of a package's initTask ends.
const initSuffix = "..inittask"

// orderInits sorts the initialisers of what is loaded as the linker does: of the
// packages that wait for no other, the first by name.
func (ld *load) orderInits() error {
	var waiting []*initTask
	tasks := map[*symbol]*initTask{}
	for _, s := range slices.Concat(ld.sections.noptr.symbols, ld.sections.data.symbols) {
		if name, ok := strings.CutSuffix(s.Name(s.index).Text, initSuffix); ok {
			t := &initTask{name: strings.Clone(name), address: s.addr}
			tasks[s] = t
			waiting = append(waiting, t)
		}
	}
	for s, t := range tasks {
		for r := range s.Relocs(s.index) {
			if r.Type != ld.rt.InitOrder {
				continue
			}
			before, err := ld.target(s.object, r.Target)
			if err != nil {
				return err
			}
			if before == nil {
				continue
			}
			if own := tasks[before]; own != nil {
				t.needs = append(t.needs, own)
			} else if earlier := ld.inits[before.addr]; earlier != nil {
				t.needs = append(t.needs, earlier)
			}
		}
	}
	slices.SortFunc(waiting, func(a, b *initTask) int { return strings.Compare(a.name, b.name) })
	placed := map[*initTask]bool{}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(t *initTask) bool {
			return !slices.ContainsFunc(t.needs, func(n *initTask) bool { return !placed[n] && slices.Contains(waiting, n) })
		})
		if i < 0 {
			return fmt.Errorf("load the cell: the initialisers of %d packages wait for each other", len(waiting))
		}
		placed[waiting[i]] = true
		ld.tasks = append(ld.tasks, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return nil
}

// Init runs the initialisers of the packages that came with the cell, and the cell's
// own, in the calling goroutine. It is called once, before any other code of the cell. A
// package that does not initialise (its init panics, or never ends) is not tried
// again, as in a program, where that is the end; what needs it cannot be used.
func (u *Unit) Init() error {
	for _, t := range u.inits {
		if err := u.loader.initialise(t); err != nil {
			return err
		}
	}
	return nil
}

func (l *Loader) initialise(t *initTask) error {
	if t.ready.Load() {
		return nil
	}
	for _, n := range t.needs {
		if err := l.initialise(n); err != nil {
			return fmt.Errorf("initialise package %s: %w", t.name, err)
		}
	}
	if !t.empty() {
		if t.started.CompareAndSwap(false, true) {
			l.rt.RunInit(t.address)
		}
		if !t.done() {
			return fmt.Errorf("package %s has not finished its initialisation", t.name)
		}
	}
	t.ready.Store(true)
	return nil
}
