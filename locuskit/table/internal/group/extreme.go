package group

import (
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// extreme keeps the smallest value, or the largest, as integers that have the
// values' order.
type extreme struct {
	c    *column.Column
	view func(i int) int64 // nil: the column's own integers
	sign int64             // -1 keeps the largest: ^v has the opposite order
	best []int64

	order []int32 // of strings: the code of each rank
}

func newExtreme(e exec.Run, c *column.Column, groups int, largest bool) (*extreme, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	a := &extreme{c: c, best: make([]int64, groups)}
	if largest {
		a.sign = -1
	}
	for i := range a.best {
		a.best[i] = math.MaxInt64
	}
	switch c.Kind {
	case column.String:
		order, ranks, err := c.Dict.Sorted(e)
		if err != nil {
			return nil, err
		}
		a.order = order
		a.view = func(i int) int64 { return int64(ranks[c.Codes[i]]) }
	case column.Float:
		a.view = func(i int) int64 { return int64(column.OrderedBits(c.Floats[i]) ^ 1<<63) }
	case column.Bool:
		a.view = func(i int) int64 {
			if c.Bools[i] {
				return 1
			}
			return 0
		}
	}
	return a, nil
}

func (a *extreme) add(groups []int32, from int) {
	best, flip := a.best, a.sign
	if a.view == nil && a.c.Valid == nil {
		v := a.c.Ints[from:][:len(groups)]
		for i, g := range groups {
			if x := v[i] ^ flip; x < best[g] {
				best[g] = x
			}
		}
		return
	}
	for i, g := range groups {
		if a.c.Null(from + i) {
			continue
		}
		var v int64
		if a.view != nil {
			v = a.view(from + i)
		} else {
			v = a.c.Ints[from+i]
		}
		best[g] = min(best[g], v^flip)
	}
}

func (a *extreme) merge(other accumulator) {
	o := other.(*extreme)
	for g, v := range o.best {
		a.best[g] = min(a.best[g], v)
		o.best[g] = math.MaxInt64
	}
}

func (a *extreme) twin() accumulator {
	b := *a
	b.best = make([]int64, len(a.best))
	for i := range b.best {
		b.best[i] = math.MaxInt64
	}
	return &b
}

func (a *extreme) anyOrder() bool { return true }

// column returns the extremes of groups.
func (a *extreme) column(by *aggregation, name string, groups []int32) *column.Column {
	out := a.c.EmptyLike(len(groups))
	out.Name = name
	by.each(groups, func(i int, g int32) {
		v := a.best[g] ^ a.sign
		switch a.c.Kind {
		case column.Int:
			out.Ints[i] = v
		case column.Float:
			out.Floats[i] = column.FromOrderedBits(uint64(v) ^ 1<<63)
		case column.Bool:
			out.Bools[i] = v == 1
		case column.String:
			if v >= 0 && v < int64(len(a.order)) {
				out.Codes[i] = a.order[v]
			}
		}
	})
	return out
}
