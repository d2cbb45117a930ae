package group

import (
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/large"
)

// floatExtreme keeps extremes of floats, compared as they are: few values are new extremes, so that
// the one comparison for all others decides the speed. NaN is the largest of all, and both zeros
// are 0.
type floatExtreme struct {
	c       *column.Column
	largest bool
	best    []float64
}

func newFloatExtreme(c *column.Column, slots int, largest bool) *floatExtreme {
	a := &floatExtreme{c, largest, large.Zeroed[float64](slots)}
	a.empty()
	return a
}

// empty gives each group what no value is beyond: to the largest the least, to the smallest NaN.
func (a *floatExtreme) empty() {
	none := math.NaN()
	if a.largest {
		none = math.Inf(-1)
	}
	for g := range a.best {
		a.best[g] = none
	}
}

func (a *floatExtreme) add(groups []int32, from int) {
	best, v := a.best, a.c.Floats[from:][:len(groups)]
	if a.largest {
		for i, g := range groups {
			if !(v[i] <= best[g]) {
				best[g] = larger(best[g], v[i])
			}
		}
		return
	}
	for i, g := range groups {
		if !(v[i] >= best[g]) {
			best[g] = smaller(best[g], v[i])
		}
	}
}

func larger(a, b float64) float64 {
	switch {
	case math.IsNaN(a), math.IsNaN(b):
		return math.NaN()
	case b > a:
		return b + 0 // of -0 it makes 0
	}
	return a
}

func smaller(a, b float64) float64 {
	if math.IsNaN(a) && !math.IsNaN(b) || b < a {
		return b + 0
	}
	return a
}

func (a *floatExtreme) reads() *column.Column { return a.c }
func (a *floatExtreme) nulls() []byte         { return a.c.Valid }

func (a *floatExtreme) merge(other accumulator) {
	o := other.(*floatExtreme)
	for g, v := range o.best {
		if a.largest {
			a.best[g] = larger(a.best[g], v)
		} else {
			a.best[g] = smaller(a.best[g], v)
		}
	}
	o.empty()
}

func (a *floatExtreme) twin() accumulator { return newFloatExtreme(a.c, len(a.best), a.largest) }
func (a *floatExtreme) anyOrder() bool    { return true }

func (a *floatExtreme) over(c *column.Column) accumulator { return &floatExtreme{c, a.largest, a.best} }

// column returns the extremes of groups.
func (a *floatExtreme) column(by *aggregation, name string, groups []int32) *column.Column {
	return by.floats(name, groups, func(g int32) float64 { return a.best[g] })
}
