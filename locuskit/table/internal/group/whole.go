package group

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/stats"
)

// wholeGroups is figures of a column that need all values of a group at once.
type wholeGroups struct {
	asked     []float64   // which quantiles
	quantiles [][]float64 // each of all groups
	distinct  []int64
	bits      *valueBits // which say how many values are distinct in place of distinct
}

// whole asks for the figure of an aggregate.
func (a *aggregation) whole(agg Spec, c *column.Column) error {
	w := a.wholes[c]
	if w == nil {
		w = &wholeGroups{}
		a.wholes[c] = w
	}
	if agg.Op == OpQuantile {
		if !slices.Contains(w.asked, agg.Q) {
			w.asked = append(w.asked, agg.Q)
		}
		return nil
	}
	if w.bits != nil || w.distinct != nil {
		return nil
	}
	var err error
	if w.bits, err = newValueBits(a.run, c, a.by.domain); w.bits == nil {
		w.distinct = make([]int64, a.by.domain)
	}
	return err
}

// computed reports whether the pass over the rows gives all that is asked for.
func (w *wholeGroups) computed() bool { return len(w.asked) == 0 && w.distinct == nil }

// quantile returns a quantile of all groups.
func (w *wholeGroups) quantile(q float64) []float64 { return w.quantiles[slices.Index(w.asked, q)] }

// collectWhole computes what was asked for but is not in bits.
func (a *aggregation) collectWhole() error {
	for c, w := range a.wholes {
		if w.computed() {
			continue
		}
		parts, err := newPartition(a.run, a.by, c)
		if err != nil {
			return err
		}
		encoded, err := c.Encoded(a.run)
		if err != nil {
			return err
		}
		low, width := valueRange(a.run, encoded)
		count := distinctKeys{a.run, 0, width}
		if encoded.Kind == column.Int {
			count.low = uint64(low) ^ 1<<63
		}
		for range w.asked {
			w.quantiles = append(w.quantiles, make([]float64, a.by.domain))
		}
		_, float := column.RankedValues(c)
		err = parts.eachGroup(a.run, func(s *keyScratch, g int32, keys []uint64) {
			if len(keys) == 0 || int(g) >= a.by.domain {
				return
			}
			for i, q := range w.asked {
				w.quantiles[i][g] = quantileOfKeys(a.run, keys, q, float)
			}
			if w.distinct != nil {
				w.distinct[g] = count.in(s, keys)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// quantileOfKeys returns the q-quantile of keys, whose order it changes.
func quantileOfKeys(e exec.Run, keys []uint64, q float64, float func(uint64) float64) float64 {
	low, high, part := stats.Place(len(keys), q)
	placeKey(e, keys, low, roundsFor(len(keys)))
	next := keys[low]
	if high > low {
		next = leastKey(keys[high:])
	}
	return stats.Between(float(keys[low]), float(next), part)
}

// distinctKeys counts the distinct keys of groups.
type distinctKeys struct {
	run   exec.Run
	low   uint64
	width uint64 // keys are from low on below low + width; 0: any
}

const hashedKeys = 1 << 16 // keys whose table stays in the caches

func (d distinctKeys) in(s *keyScratch, keys []uint64) int64 {
	switch n := uint64(len(keys)); {
	case n <= 2*shortRun:
		slices.Sort(keys)
	case d.width != 0 && d.width <= 64*n:
		return d.byBits(s, keys)
	case n <= hashedKeys:
		return byTable(s, keys)
	case column.SortKeys(d.run.Sequential(), keys) != nil:
		return 0 // nobody will see it
	}
	var n int64
	for i, k := range keys {
		if i == 0 || k != keys[i-1] {
			n++
		}
	}
	return n
}

// byBits counts keys by a bit for each that there may be.
func (d distinctKeys) byBits(s *keyScratch, keys []uint64) (n int64) {
	seen := s.cleared(int(d.width+63) / 64)
	for _, k := range keys {
		bit := k - d.low
		word := &seen[bit>>6]
		n += int64(^*word >> (bit & 63) & 1)
		*word |= 1 << (bit & 63)
	}
	return n
}

// byTable counts keys by a hash table of them. A slot of 0 is free, so that the key 0 has none.
func byTable(s *keyScratch, keys []uint64) (n int64) {
	size, shift := 64, 64-6
	for size < 2*len(keys) {
		size, shift = 2*size, shift-1
	}
	table := s.cleared(size)
	mask := uint64(size - 1)
	var zero int64
	for _, k := range keys {
		if k == 0 {
			zero = 1
			continue
		}
		for i := column.MixWord(k) >> shift; ; i++ {
			if table[i&mask] == k {
				break
			}
			if table[i&mask] == 0 {
				table[i&mask] = k
				n++
				break
			}
		}
	}
	return n + zero
}

// cleared returns a table of so many zeros.
func (s *keyScratch) cleared(size int) []uint64 {
	if cap(s.table) < size {
		s.table = make([]uint64, size)
	}
	table := s.table[:size]
	clear(table)
	return table
}
