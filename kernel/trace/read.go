package trace

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"golang.org/x/exp/trace"
)

// Read reads an execution trace in which the goroutine that runs the cell logs an
// event of the category mark as the cell begins, and another as it ends.
// It takes some 100 ms for a million events; of memory it takes what the spans
// of the cell's goroutines need.
func Read(r io.Reader, mark string) (*Run, error) {
	events, err := trace.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read the execution trace: %w", err)
	}
	c := collector{mark: mark, all: map[trace.GoID]*Goroutine{}, now: map[trace.GoID]Span{}, mine: map[trace.GoID]bool{}}
	for {
		ev, err := events.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the execution trace: %w", err)
		}
		c.event(ev)
	}
	if len(c.mine) == 0 {
		return nil, errors.New("read the execution trace: the cell is not in it")
	}
	return c.run(), nil
}

// collector follows the goroutines of the cell through the events.
type collector struct {
	mark       string
	root       trace.GoID
	begin, end trace.Time
	mine       map[trace.GoID]bool
	all        map[trace.GoID]*Goroutine
	now        map[trace.GoID]Span // what each does
	order      []*Goroutine
}

func (c *collector) event(ev trace.Event) {
	switch ev.Kind() {
	case trace.EventLog:
		if ev.Log().Category != c.mark {
			return
		}
		if len(c.mine) > 0 { // the second mark is the cell's end
			if ev.Goroutine() == c.root {
				c.end = ev.Time()
			}
			return
		}
		c.root, c.begin = ev.Goroutine(), ev.Time()
		c.add(ev.Goroutine(), Frame{}, nil)
		c.now[ev.Goroutine()] = Span{State: Running}
	case trace.EventStateTransition:
		st := ev.StateTransition()
		if st.Resource.Kind == trace.ResourceGoroutine {
			c.transition(ev, st)
		}
	}
}

func (c *collector) add(id trace.GoID, start Frame, by []Frame) {
	g := &Goroutine{ID: int64(id), Start: start, By: by}
	c.mine[id], c.all[id] = true, g
	c.order = append(c.order, g)
}

func (c *collector) transition(ev trace.Event, st trace.StateTransition) {
	if len(c.mine) == 0 || c.end != 0 {
		return // before the cell, or after it
	}
	id := st.Resource.Goroutine()
	from, to := st.Goroutine()
	if from == trace.GoNotExist && c.mine[ev.Goroutine()] {
		var start Frame
		if stack := frames(st.Stack); len(stack) > 0 {
			start = stack[0]
		}
		c.add(id, start, frames(ev.Stack()))
	}
	if !c.mine[id] {
		return
	}
	at := ev.Time().Sub(c.begin)
	if span, ok := c.now[id]; ok {
		c.close(id, span, at)
	}
	c.now[id] = Span{State: stateOf(to, st.Reason), From: at}
}

// close ends a span; what follows in the same state goes on with it.
func (c *collector) close(id trace.GoID, s Span, at time.Duration) {
	if s.State == NotThere || at <= s.From {
		return
	}
	g := c.all[id]
	s.To = at
	if n := len(g.Spans); n > 0 && g.Spans[n-1].State == s.State && g.Spans[n-1].To == s.From {
		g.Spans[n-1].To = at
		return
	}
	g.Spans = append(g.Spans, s)
}

// run ends what still lasts with the cell.
func (c *collector) run() *Run {
	wall := c.end.Sub(c.begin)
	if c.end == 0 { // the cell did not reach its end mark
		for _, s := range c.now {
			wall = max(wall, s.From)
		}
	}
	for id, span := range c.now {
		c.close(id, span, wall)
	}
	return &Run{Wall: wall, Goroutines: c.order}
}

func stateOf(s trace.GoState, reason string) State {
	switch s {
	case trace.GoRunning:
		return Running
	case trace.GoRunnable:
		return Ready
	case trace.GoSyscall:
		return IO
	case trace.GoWaiting:
		if reason == "network" {
			return IO
		}
		return Waiting
	}
	return NotThere
}

func frames(s trace.Stack) []Frame {
	var list []Frame
	for f := range s.Frames() {
		list = append(list, Frame{f.Func, f.File, int(f.Line)})
	}
	return list
}

// most is the largest sum on the way through changes.
func most(changes map[time.Duration]int) int {
	sum, largest := 0, 0
	for _, at := range slices.Sorted(maps.Keys(changes)) {
		sum += changes[at]
		largest = max(largest, sum)
	}
	return largest
}
