// Package trace reads the execution trace of a cell's run and draws it: what
// each goroutine that the cell started did at each moment.
//
// The file is the Go runtime's own (package runtime/trace), which
// golang.org/x/exp/trace parses. The package must not know how the run was
// made, nor which cell a function belongs to: that is the caller's, who names
// the goroutines.
package trace

import "time"

// State is what a goroutine does.
type State uint8

// The states, from doing something to waiting for something.
const (
	Running  State = iota // on a processor
	Ready                 // could run, and waits for a processor
	IO                    // waits for the network, or is in a system call
	Waiting               // waits for another goroutine, a lock or the clock
	NotThere              // not born yet, or ended
)

// Span is a time in one state, from the beginning of the run.
type Span struct {
	State    State
	From, To time.Duration
}

// Goroutine is one goroutine of the run, from the cell's own to those that
// it and its children started.
type Goroutine struct {
	ID    int64
	Start Frame   // the function that it began with
	By    []Frame // the stack that started it, innermost first; nil for the cell's own
	Spans []Span
}

// Frame is a call.
type Frame struct {
	Func, File string
	Line       int
}

// In is the time that the goroutine spent in a state.
func (g *Goroutine) In(s State) time.Duration {
	var sum time.Duration
	for _, span := range g.Spans {
		if span.State == s {
			sum += span.To - span.From
		}
	}
	return sum
}

// Life is the time from the goroutine's first span to the end of its last.
func (g *Goroutine) Life() time.Duration {
	if len(g.Spans) == 0 {
		return 0
	}
	return g.Spans[len(g.Spans)-1].To - g.Spans[0].From
}

// Run is a cell's run.
type Run struct {
	Wall       time.Duration
	Goroutines []*Goroutine // in the order of their start, the cell's own first
}

// In is the time that all goroutines together spent in a state.
func (r *Run) In(s State) time.Duration {
	var sum time.Duration
	for _, g := range r.Goroutines {
		sum += g.In(s)
	}
	return sum
}

// Most is the largest number of goroutines that ran at the same moment.
func (r *Run) Most() int {
	changes := map[time.Duration]int{}
	for _, g := range r.Goroutines {
		for _, span := range g.Spans {
			if span.State == Running && span.To > span.From {
				changes[span.From]++
				changes[span.To]--
			}
		}
	}
	return most(changes)
}
