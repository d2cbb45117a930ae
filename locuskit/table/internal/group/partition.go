package group

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// partition is the values of a column put together by ranges of groups, which are so small that
// what is done with one of them stays in the processor's caches. A part is the groups whose numbers
// are the same but for the lowest bits.
type partition struct {
	shift  uint
	starts []int    // part p has keys[starts[p]:starts[p+1]]
	keys   []uint64 // in the values' order
	groups []int32  // of each key; nil where a part is a group
}

const (
	partsAtLeast = 1 << 9  // where there are as many groups
	partRows     = 1 << 15 // rows of a part, on average, where there are many
)

// newPartition returns a partition of all rows, those included whose values are null: their group
// is the one behind all others.
func newPartition(e exec.Run, by *grouping, c *column.Column) (*partition, error) {
	e = e.Quiet()
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	v := &partition{}
	groups := slots(c, by.domain)
	most := max(partsAtLeast, c.N/partRows)
	for groups>>v.shift > most {
		v.shift++
	}
	parts := (groups-1)>>v.shift + 1
	places := make([][]int, exec.ChunkCount(c.N, exec.ChunkRows)) // of each chunk and part
	type scratch struct {
		numbers, present []int32
		keys             []uint64
	}
	fresh := func() scratch {
		return scratch{make([]int32, BatchRows), make([]int32, BatchRows), make([]uint64, BatchRows)}
	}
	numbers := func(s scratch, from, to int) []int32 {
		of := by.Numbers(s.numbers, from, to)
		if c.Valid != nil {
			putNulls(s.present, of, c.Valid, from, int32(by.domain))
			return s.present[:len(of)]
		}
		return of
	}
	err = exec.ChunksWith(e, c.N, exec.ChunkRows, fresh, func(s scratch, chunk, from, to int) {
		counts := make([]int, parts)
		for ; from < to; from += BatchRows {
			for _, g := range numbers(s, from, min(from+BatchRows, to)) {
				counts[g>>v.shift]++
			}
		}
		places[chunk] = counts
	})
	if err != nil {
		return nil, err
	}
	v.starts = make([]int, parts+1)
	at := 0
	for p := range parts {
		v.starts[p] = at
		for _, of := range places {
			of[p], at = at, at+of[p]
		}
	}
	v.starts[parts] = at
	v.keys = large.Unzeroed[uint64](c.N)
	if v.shift > 0 {
		v.groups = large.Unzeroed[int32](c.N)
	}
	return v, exec.ChunksWith(e, c.N, exec.ChunkRows, fresh, func(s scratch, chunk, from, to int) {
		next := places[chunk]
		for ; from < to; from += BatchRows {
			groups := numbers(s, from, min(from+BatchRows, to))
			keys := s.keys[:len(groups)]
			column.RankValues(keys, c, from)
			if v.groups == nil {
				for i, g := range groups {
					v.keys[next[g]] = keys[i]
					next[g]++
				}
				continue
			}
			for i, g := range groups {
				at := next[g>>v.shift]
				v.keys[at], v.groups[at] = keys[i], g
				next[g>>v.shift] = at + 1
			}
		}
	})
}

// eachGroup gives f the keys of each group, in any order of the groups and from several goroutines
// at once. f may change the keys' order.
func (v *partition) eachGroup(e exec.Run, f func(s *keyScratch, g int32, keys []uint64)) error {
	free := make(chan *keyScratch, max(1, e.Workers))
	for range cap(free) {
		free <- new(keyScratch)
	}
	return e.Tasks(len(v.starts)-1, func(p int) {
		s := <-free
		defer func() { free <- s }()
		from, to := v.starts[p], v.starts[p+1]
		if v.groups == nil {
			f(s, int32(p), v.keys[from:to])
			return
		}
		first, width := int32(p)<<v.shift, 1<<v.shift
		keys, ends := s.room(to-from, width)
		groups := v.groups[from:to]
		for _, g := range groups {
			ends[g-first]++
		}
		at := 0
		for g, n := range ends {
			ends[g] = at
			at += n
		}
		for i, k := range v.keys[from:to] {
			g := groups[i] - first
			keys[ends[g]] = k
			ends[g]++
		}
		at = 0
		for g, end := range ends {
			f(s, first+int32(g), keys[at:end])
			at = end
		}
	})
}

// keyScratch is the memory of a goroutine that works on groups.
type keyScratch struct {
	keys  []uint64
	ends  []int
	table []uint64 // of distinct keys
}

// room returns room for so many keys and zeros for so many groups.
func (s *keyScratch) room(keys, groups int) ([]uint64, []int) {
	if cap(s.keys) < keys {
		s.keys = large.Zeroed[uint64](keys)
	}
	if cap(s.ends) < groups {
		s.ends = make([]int, groups)
	}
	ends := s.ends[:groups]
	clear(ends)
	return s.keys[:keys], ends
}
