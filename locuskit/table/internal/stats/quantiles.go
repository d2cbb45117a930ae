package stats

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Quantile returns the q-quantile of a column of numbers.
func Quantile(e exec.Run, c *column.Column, q float64) (float64, error) {
	if !(q >= 0 && q <= 1) {
		return 0, fmt.Errorf("a quantile is between 0 and 1")
	}
	count := c.N - c.Nulls()
	if count == 0 {
		return 0, fmt.Errorf("the column has no values")
	}
	low, high, part := Place(count, q)
	a, b, err := neighbours(e, c, low, high)
	if err != nil {
		return 0, err
	}
	_, float := column.RankedValues(c)
	return Between(float(a), float(b), part), nil
}

// neighbours finds the keys at places low and high, the same or the next, of c's
// values in order.
func neighbours(e exec.Run, c *column.Column, low, high int) (a, b uint64, err error) {
	s := keySearch{run: e, c: c, width: 64, all: true}
	if c.Kind == column.Int {
		lo, hi := c.IntRange(e)
		s.base = uint64(lo) ^ 1<<63
		s.width = uint(bits.Len64(uint64(hi) - uint64(lo)))
	}
	return s.find(low, high)
}

// keySearch is the values of a column that may still be those looked for: those whose
// key less base has the bits prefix above the lowest width.
type keySearch struct {
	run    exec.Run
	c      *column.Column
	base   uint64
	prefix uint64
	width  uint
	all    bool // nothing is settled yet
}

const (
	searchBits  = 12 // that a pass over the column settles
	searchLanes = 4  // counters of each digit, for neighbouring rows of one value
	fewValues   = 1 << 16
)

// find gives the keys at places low and high among the values in order.
func (s keySearch) find(low, high int) (a, b uint64, err error) {
	for s.width > 0 {
		digit := min(s.width, searchBits)
		counts, err := s.count(digit)
		if err != nil {
			return 0, 0, err
		}
		first, low2 := bucketOf(counts, low)
		last, high2 := bucketOf(counts, high)
		s.width, s.all = s.width-digit, false
		below := s
		s.prefix = s.prefix<<digit | uint64(first)
		if first != last {
			below.prefix = below.prefix<<digit | uint64(last)
			if a, _, err = s.find(low2, low2); err == nil {
				b, _, err = below.find(high2, high2)
			}
			return a, b, err
		}
		if low, high = low2, high2; counts[first] <= fewValues && s.width > 0 {
			keys, err := s.collect()
			if err != nil {
				return 0, 0, err
			}
			slices.Sort(keys)
			return keys[low], keys[high], nil
		}
	}
	return s.prefix + s.base, s.prefix + s.base, nil
}

// bucketOf returns the bucket that place k falls into, and its place there.
func bucketOf(counts []int, k int) (bucket, place int) {
	for d, n := range counts {
		if k < n {
			return d, k
		}
		k -= n
	}
	return len(counts) - 1, k
}

// count counts the values by the leading digit of what is not settled.
func (s keySearch) count(digit uint) ([]int, error) {
	var mu sync.Mutex
	var all [][]uint32
	fresh := func() []uint32 {
		n := make([]uint32, searchLanes<<digit)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, n)
		return n
	}
	err := exec.ChunksWith(s.run, s.c.N, exec.ChunkRows, fresh, func(n []uint32, _, from, to int) {
		if s.c.Kind == column.Int {
			s.countInts(n, s.c.Ints[from:to], from, digit)
		} else {
			s.countFloats(n, s.c.Floats[from:to], from, digit)
		}
	})
	counts := make([]int, 1<<digit)
	for _, n := range all {
		for i, x := range n {
			counts[i/searchLanes] += int(x)
		}
	}
	return counts, err
}

// countInts counts digits of the keys of rows from and on.
func (s keySearch) countInts(n []uint32, values []int64, from int, digit uint) {
	shift, mask, start := s.width-digit, uint64(1)<<digit-1, s.base^1<<63
	if valid := s.c.Valid; valid != nil {
		for i, v := range values {
			if k := uint64(v) - start; k>>s.width == s.prefix {
				n[(k>>shift&mask)*searchLanes] += uint32(column.Presence(valid, from+i))
			}
		}
		return
	}
	if s.all {
		for ; len(values) >= searchLanes; values = values[searchLanes:] {
			n[((uint64(values[0])-start)>>shift&mask)*searchLanes]++
			n[((uint64(values[1])-start)>>shift&mask)*searchLanes+1]++
			n[((uint64(values[2])-start)>>shift&mask)*searchLanes+2]++
			n[((uint64(values[3])-start)>>shift&mask)*searchLanes+3]++
		}
	}
	for _, v := range values {
		if k := uint64(v) - start; k>>s.width == s.prefix {
			n[(k>>shift&mask)*searchLanes]++
		}
	}
}

// countFloats counts digits of the keys of rows from and on.
func (s keySearch) countFloats(n []uint32, values []float64, from int, digit uint) {
	shift, mask := s.width-digit, uint64(1)<<digit-1
	if valid := s.c.Valid; valid != nil {
		for i, v := range values {
			if k := column.OrderedBits(v); k>>s.width == s.prefix {
				n[(k>>shift&mask)*searchLanes] += uint32(column.Presence(valid, from+i))
			}
		}
		return
	}
	for i, v := range values {
		if k := column.OrderedBits(v); k>>s.width == s.prefix {
			n[(k>>shift&mask)*searchLanes+uint64(i)%searchLanes]++
		}
	}
}

// collect returns the keys of the values that are left.
func (s keySearch) collect() ([]uint64, error) {
	key, _ := column.RankedValues(s.c)
	var mu sync.Mutex
	var all []uint64
	err := s.run.Chunks(s.c.N, exec.ChunkRows, func(_, from, to int) {
		var keys []uint64
		for i := from; i < to; i++ {
			if k := key(i); (k-s.base)>>s.width == s.prefix && !s.c.Null(i) {
				keys = append(keys, k)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, keys...)
	})
	return all, err
}

// Place returns between which values of n in order the q-quantile is, and what part of the way from
// the one to the other.
func Place(n int, q float64) (low, high int, part float64) {
	at := q * float64(n-1)
	low = int(at)
	return low, min(low+1, n-1), at - float64(low)
}

// Between returns the value a part of the way from a to b; of the way from an infinity to a
// number, that infinity.
func Between(a, b, part float64) float64 {
	if part == 0 || a == b {
		return a
	}
	if math.IsInf(b-a, 0) {
		return a*(1-part) + b*part
	}
	return a + (b-a)*part
}
