package group

import (
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// extremes keeps the smallest value of each group, or the largest.
type extremes interface {
	accumulator
	column(by *aggregation, name string, groups []int32) *column.Column
}

func newExtremes(e exec.Run, c *column.Column, groups int, largest bool) (extremes, error) {
	if c.Kind == column.Float {
		return newFloatExtreme(c, slots(c, groups), largest), nil
	}
	return newExtreme(e, c, groups, largest)
}

// extreme keeps extremes as integers that have the values' order.
type extreme struct {
	c    *column.Column
	flip int64 // -1 keeps the largest: ^v has the opposite order
	best []int64

	order, ranks []int32 // of strings: the code of each rank, and the rank of each code
}

func newExtreme(e exec.Run, c *column.Column, groups int, largest bool) (*extreme, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	a := &extreme{c: c, best: large.Zeroed[int64](slots(c, groups))}
	if largest {
		a.flip = -1
	}
	for i := range a.best {
		a.best[i] = math.MaxInt64
	}
	if c.Kind == column.String {
		a.order, a.ranks, err = c.Dict.Sorted(e)
	}
	return a, err
}

func (a *extreme) add(groups []int32, from int) {
	best, flip := a.best, a.flip
	switch a.c.Kind {
	case column.Int:
		v := a.c.Ints[from:][:len(groups)]
		for i, g := range groups {
			if x := v[i] ^ flip; x < best[g] {
				best[g] = x
			}
		}
	case column.Bool:
		v := a.c.Bools[from:][:len(groups)]
		for i, g := range groups {
			best[g] = min(best[g], int64(column.Bit(v[i]))^flip)
		}
	case column.String:
		if len(a.ranks) == 0 { // all of them null
			return
		}
		codes, ranks := a.c.Codes[from:][:len(groups)], a.ranks
		for i, g := range groups {
			best[g] = min(best[g], int64(ranks[codes[i]])^flip)
		}
	}
}

func (a *extreme) reads() *column.Column { return a.c }
func (a *extreme) nulls() []byte         { return a.c.Valid }

func (a *extreme) merge(other accumulator) {
	o := other.(*extreme)
	for g, v := range o.best {
		a.best[g] = min(a.best[g], v)
		o.best[g] = math.MaxInt64
	}
}

func (a *extreme) twin() accumulator {
	b := *a
	b.best = large.Zeroed[int64](len(a.best))
	for i := range b.best {
		b.best[i] = math.MaxInt64
	}
	return &b
}

func (a *extreme) anyOrder() bool { return true }

func (a *extreme) over(c *column.Column) accumulator {
	b := *a
	b.c = c
	return &b
}

// column returns the extremes of groups.
func (a *extreme) column(by *aggregation, name string, groups []int32) *column.Column {
	out := a.c.EmptyLike(len(groups))
	out.Name = name
	by.each(groups, func(i int, g int32) {
		v := a.best[g] ^ a.flip
		switch a.c.Kind {
		case column.Int:
			out.Ints[i] = v
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
