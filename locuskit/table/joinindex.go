package table

import (
	"slices"

	"locuslab/locuskit/table/internal/exec"
)

// joinIndex is the rows of a key column by their value.
type joinIndex struct {
	run     exec.Run
	c       *column
	numbers *numberSet // of values; nil where digits come from elsewhere
	low     int64      // integers of a small range: digit = value - low
	domain  int
	start   []uint32 // digit d has rows[start[d]:start[d+1]], ascending
	rows    []uint32
	one     []uint32 // where no key occurs twice: digit d has row one[d+1]
}

func newJoinIndex(e exec.Run, c *column) (*joinIndex, error) {
	x := &joinIndex{run: e, c: c}
	digit := x.digits(e)
	x.start = make([]uint32, x.domain+1)
	for i := range c.n {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if !c.null(i) {
			x.start[digit(i)+1]++
		}
	}
	unique := true
	for d := range x.domain {
		unique = unique && x.start[d+1] <= 1
		x.start[d+1] += x.start[d]
	}
	x.rows = make([]uint32, x.start[x.domain])
	next := slices.Clone(x.start)
	for i := range c.n {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if !c.null(i) {
			d := digit(i)
			x.rows[next[d]] = uint32(i)
			next[d]++
		}
	}
	if unique {
		x.one = make([]uint32, x.domain+1)
		x.one[0] = missing
		for d := range x.domain {
			x.one[d+1] = missing
			if at := x.start[d]; at < x.start[d+1] {
				x.one[d+1] = x.rows[at]
			}
		}
	}
	return x, e.Cancelled()
}

// digits chooses how values become digits and gives that of the index's rows.
func (x *joinIndex) digits(e exec.Run) func(i int) int32 {
	c := x.c
	switch c.kind {
	case String:
		x.domain = c.dict.len()
		return func(i int) int32 { return c.codes[i] }
	case Bool:
		x.domain = 2
	case Int:
		lo, hi := c.intRange(e)
		if span := uint64(hi) - uint64(lo); lo <= hi && span < uint64(denseDomain(c.n)) {
			x.low, x.domain = lo, int(span)+1
			return func(i int) int32 { return int32(c.ints[i] - lo) }
		}
		fallthrough
	case Float:
		x.numbers = newNumberSet()
		x.numbers.run = e
		codes := make([]int32, c.n)
		key, _ := rankedValues(c)
		for i := range codes {
			if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
				break // the index's maker sees it too
			}
			codes[i] = x.numbers.number(key(i))
		}
		x.domain = len(x.numbers.keys)
		return func(i int) int32 { return codes[i] }
	}
	return func(i int) int32 {
		if c.bools[i] {
			return 1
		}
		return 0
	}
}

// locator writes the digits of rows from and on of another column, -1 for none.
func (x *joinIndex) locator(c *column) func(digits []int32, from int) {
	locate := x.valueLocator(c)
	if c.valid == nil {
		return locate
	}
	return func(digits []int32, from int) {
		locate(digits, from)
		for i := range digits {
			if c.null(from + i) {
				digits[i] = -1
			}
		}
	}
}

// valueLocator is [joinIndex.locator] that takes nulls for values.
func (x *joinIndex) valueLocator(c *column) func(digits []int32, from int) {
	switch {
	case c.kind == String:
		table := append(x.translate(c.dict), -1) // never empty: at a null any code may stand
		return func(digits []int32, from int) {
			for i, code := range c.codes[from:][:len(digits)] {
				digits[i] = table[code]
			}
		}
	case x.numbers != nil:
		key, _ := rankedValues(c)
		return func(digits []int32, from int) {
			for i := range digits {
				digits[i] = x.numbers.find(key(from + i))
			}
		}
	case c.kind == Int:
		return func(digits []int32, from int) {
			for i, v := range c.ints[from:][:len(digits)] {
				digits[i] = -1
				if d := uint64(v) - uint64(x.low); d < uint64(x.domain) {
					digits[i] = int32(d)
				}
			}
		}
	}
	return func(digits []int32, from int) {
		for i, v := range c.bools[from:][:len(digits)] {
			digits[i] = 0
			if v {
				digits[i] = 1
			}
		}
	}
}

// translate gives the index's code of each value of d, -1 for none.
func (x *joinIndex) translate(d *dictionary) []int32 {
	own := x.c.dict
	if own == d {
		codes := make([]int32, d.len())
		for i := range codes {
			codes[i] = int32(i)
		}
		return codes
	}
	b := newDictionaryBuilder()
	b.absorb(x.run, own)
	codes := make([]int32, d.len())
	for i := range codes {
		if i%sortRun == 0 && x.run.Cancelled() != nil {
			break // the search that follows sees it too
		}
		if code := b.add(d.value(int32(i))); int(code) < own.len() {
			codes[i] = code
		} else {
			codes[i] = -1
		}
	}
	return codes
}

// find is the number of k, -1 where the set does not have it.
func (s *numberSet) find(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(mixWord(k) >> s.shift); ; i++ {
		n := s.slots[i&mask]
		if n == 0 {
			return -1
		}
		if s.keys[n-1] == k {
			return n - 1
		}
	}
}
