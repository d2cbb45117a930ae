// Package profile reads what the runtime of Go has sampled while a cell ran: where it was
// busy, as a flame graph, and where it allocated, by line. It knows neither kernels nor
// cells: who asks says which frames are whose.
package profile

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/google/pprof/profile"

	"locuslab/img/svg"
)

// A Frame is a call, as stacks have it.
type Frame struct {
	Func, File string
	Line       int
}

// A Name is what a picture calls a frame.
type Name struct {
	Text string
	Own  bool // the user's own code
	Drop bool // left out, with what called it
}

// Profile is what was sampled.
type Profile struct{ samples *profile.Profile }

// Read reads a profile.
func Read(r io.Reader) (*Profile, error) {
	p, err := profile.Parse(r)
	if err != nil {
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	return &Profile{p}, nil
}

// frames are the calls of a sample, the outermost first.
func frames(s *profile.Sample) (list []Frame) {
	for _, l := range s.Location {
		for _, line := range l.Line {
			if line.Function != nil {
				list = append(list, Frame{line.Function.Name, line.Function.Filename, int(line.Line)})
			}
		}
	}
	slices.Reverse(list)
	return list
}

// A node is a call with all that it called.
type node struct {
	name  Name
	value int64
	calls map[string]*node
}

func (n *node) call(name Name, value int64) *node {
	if n.calls == nil {
		n.calls = map[string]*node{}
	}
	c := n.calls[name.Text]
	if c == nil {
		c = &node{name: name}
		n.calls[name.Text] = c
	}
	c.value += value
	return c
}

const (
	width    = 760
	row      = 18
	maxDepth = 40
	narrow   = 1 // a call that is drawn narrower than this is not drawn
)

// Flame draws the CPU time of the samples that bear a label, of the calls that name does
// not drop: the width of a call is the time spent in it and in what it called.
func (p *Profile) Flame(title, label string, name func(Frame) Name) *svg.Picture {
	root := &node{}
	deepest := 0
	for _, s := range p.samples.Sample {
		if len(s.Label[label]) == 0 || len(s.Value) < 2 {
			continue
		}
		root.value += s.Value[1]
		var names []Name
		for _, f := range frames(s) {
			if n := name(f); n.Drop {
				names = nil
			} else if len(names) < maxDepth {
				names = append(names, n)
			}
		}
		at := root
		for _, n := range names {
			at = at.call(n, s.Value[1])
		}
		deepest = max(deepest, len(names))
	}
	desc := fmt.Sprintf("%s of CPU time, sampled 100 times a second; a call is as wide as the time spent in it.", duration(root.value))
	if root.value == 0 {
		desc = "The cell took too little CPU time to be sampled, 100 times a second: run what it does more often."
	}
	lines := svg.Wrap(desc, svg.Font{Size: 12}, width-2*svg.Margin)
	top := 54 + 16*float64(len(lines))
	pic := svg.New(width, top+row*float64(deepest)+svg.Margin, title, desc)
	pic.Lines(svg.Margin, 50, lines, svg.Font{Size: 12, Paint: svg.Muted})
	if root.value > 0 {
		draw(pic, root, svg.Margin, top, (width-2*svg.Margin)/float64(root.value))
	}
	return pic
}

func draw(p *svg.Picture, n *node, x, y, scale float64) {
	calls := slices.SortedFunc(maps.Values(n.calls), func(a, b *node) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.name.Text, b.name.Text))
	})
	for _, c := range calls {
		w := float64(c.value) * scale
		if w < narrow {
			continue
		}
		paint := svg.BlueTint
		if c.name.Own {
			paint = svg.OrangeTint
		}
		p.Rect(x, y, w-0.5, row-1, svg.Style{Fill: paint, Round: 2})
		f := svg.Font{Size: 11}
		if text := svg.Fit(c.name.Text, f, w-8); w > 30 {
			p.Text(x+4, y+13, text, f)
		}
		draw(p, c, x, y+row, scale)
		x += w
	}
}

func duration(nanoseconds int64) string {
	return fmt.Sprintf("%.3g s", float64(nanoseconds)/1e9)
}

// An Allocation is what one line of the user's code has allocated, itself and by what it
// called.
type Allocation struct {
	Frame          Frame
	Bytes, Objects int64
}

// Allocations are what was allocated between an earlier profile and this one, by the
// innermost frame that is the user's own; the largest first.
func (p *Profile) Allocations(before *Profile, own func(Frame) bool) []Allocation {
	lines := map[Frame]*Allocation{}
	for _, part := range []struct {
		p    *Profile
		sign int64
	}{{before, -1}, {p, 1}} {
		for _, s := range part.p.samples.Sample {
			list := frames(s)
			i := len(list) - 1
			for i >= 0 && !own(list[i]) {
				i--
			}
			if i < 0 || len(s.Value) < 2 {
				continue
			}
			a := lines[list[i]]
			if a == nil {
				a = &Allocation{Frame: list[i]}
				lines[list[i]] = a
			}
			a.Objects += part.sign * s.Value[0]
			a.Bytes += part.sign * s.Value[1]
		}
	}
	var list []Allocation
	for _, a := range lines {
		if a.Objects > 0 {
			list = append(list, *a)
		}
	}
	slices.SortFunc(list, func(a, b Allocation) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Frame.Line, b.Frame.Line))
	})
	return list
}
