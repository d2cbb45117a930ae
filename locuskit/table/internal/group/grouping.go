package group

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group/keyset"
	"locuslab/locuskit/table/internal/large"
)

// grouping numbers the groups of rows: row i belongs to group number fill gives
// it, 0 ≤ number < domain. A number of the domain may have no rows.
type grouping struct {
	domain int
	direct []int32 // group numbers of all rows, where they exist already
	fill   func(buf []int32, from, to int)
	walk   func(yield func(group int32))                         // all numbers, in the order of the keys' values
	Keys   func(names []string, groups []int32) []*column.Column // the key columns of groups
	exact  bool
	How    string
}

// BatchRows is how many rows are numbered at a time: the numbers of a batch stay
// in the processor's cache while each aggregate reads them.
const BatchRows = 1 << 14

// Numbers returns the group numbers of rows [from, to), in buf unless they exist.
func (g *grouping) Numbers(buf []int32, from, to int) []int32 {
	if g.direct != nil {
		large.Touch(g.direct[from:to])
		return g.direct[from:to]
	}
	g.fill(buf, from, to)
	return buf[:to-from]
}

// GroupingOf numbers the groups of rows with equal values in columns.
func GroupingOf(e exec.Run, cols []*column.Column) (*grouping, error) {
	var g *grouping
	for _, c := range cols {
		k, err := digitsOf(e, c)
		if err != nil {
			return nil, err
		}
		next := single(k)
		if g == nil {
			g = next
			continue
		}
		if g, err = pair(e, g, next, c.N); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// single returns the grouping by one key column.
func single(k keyDigits) *grouping {
	g := &grouping{domain: k.domain, direct: k.direct, fill: k.fill, exact: k.exact, How: k.how}
	g.walk = func(yield func(int32)) {
		for i := range int32(k.domain) {
			if k.order != nil {
				yield(k.order[i])
			} else {
				yield(i)
			}
		}
	}
	g.Keys = func(names []string, groups []int32) []*column.Column {
		return []*column.Column{k.column(names[0], groups)}
	}
	return g
}

// pair returns the grouping by a and then b: every combination has a number where
// there are few, else those that occur.
func pair(e exec.Run, a, b *grouping, rows int) (*grouping, error) {
	width := int32(b.domain)
	split := func(names []string, groups []int32) []*column.Column {
		first, second := make([]int32, len(groups)), make([]int32, len(groups))
		for i, g := range groups {
			first[i], second[i] = g/width, g%width
		}
		last := len(names) - 1
		return append(a.Keys(names[:last], first), b.Keys(names[last:], second)...)
	}
	if uint64(a.domain)*uint64(b.domain) <= uint64(DenseDomain(rows)) {
		return &grouping{
			domain: a.domain * b.domain,
			Keys:   split,
			How:    a.How + " × " + b.How,
			fill: func(buf []int32, from, to int) {
				var scratch [1024]int32
				for ; from < to; from, buf = from+len(scratch), buf[min(len(scratch), len(buf)):] {
					end := min(from+len(scratch), to)
					first := a.Numbers(buf, from, end)
					for i, d := range b.Numbers(scratch[:], from, end) {
						buf[i] = first[i]*width + d
					}
				}
			},
			walk: func(yield func(int32)) {
				a.walk(func(x int32) {
					b.walk(func(y int32) { yield(x*width + y) })
				})
			},
		}, nil
	}
	placeA, atA := a.places()
	placeB, atB := b.places()
	found, err := keyset.Enumerate(e, rows, keyset.Source{Read: func(dst []uint64, from, to int) {
		bufA, bufB := make([]int32, to-from), make([]int32, to-from)
		first, second := a.Numbers(bufA, from, to), b.Numbers(bufB, from, to)
		for i := range dst {
			dst[i] = uint64(placeA[first[i]])*uint64(width) + uint64(placeB[second[i]])
		}
	}})
	if err != nil {
		return nil, err
	}
	keys := found.Keys
	g := single(keyDigits{domain: len(keys), order: found.Order, direct: found.Of, fill: found.Fill, exact: true, how: "combinations that occur, by hash"})
	g.Keys = func(names []string, groups []int32) []*column.Column {
		first, second := make([]int32, len(groups)), make([]int32, len(groups))
		for i, x := range groups {
			first[i], second[i] = atA[keys[x]/uint64(width)], atB[keys[x]%uint64(width)]
		}
		last := len(names) - 1
		return append(a.Keys(names[:last], first), b.Keys(names[last:], second)...)
	}
	return g, nil
}

// places returns the place of each number in the order of values, and the number at
// each place.
func (g *grouping) places() (place, at []int32) {
	place, at = make([]int32, g.domain), make([]int32, 0, g.domain)
	g.walk(func(n int32) {
		place[n] = int32(len(at))
		at = append(at, n)
	})
	return place, at
}
