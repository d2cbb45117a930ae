package join

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
	"locuslab/locuskit/table/internal/group/keyset"
	"locuslab/locuskit/table/internal/large"
)

// Index is the rows of a key column by their value.
type Index struct {
	run     exec.Run
	c       *column.Column
	numbers *keyset.Set // of values; nil where digits come from elsewhere
	low     int64       // integers of a small range: digit = value - low
	domain  int
	start   []uint32 // digit d has rows[start[d]:start[d+1]], ascending
	rows    []uint32
	one     []uint32 // where no key occurs twice: digit d has row one[d+1]
}

// NewIndex returns an index of the rows of a key column.
func NewIndex(e exec.Run, c *column.Column) (*Index, error) {
	x := &Index{run: e, c: c}
	digit := x.digits(e)
	x.start = large.Zeroed[uint32](x.domain + 1)
	for i := range c.N {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if !c.Null(i) {
			x.start[digit(i)+1]++
		}
	}
	unique := true
	for d := range x.domain {
		unique = unique && x.start[d+1] <= 1
		x.start[d+1] += x.start[d]
	}
	x.rows = large.Zeroed[uint32](int(x.start[x.domain]))
	next := slices.Clone(x.start)
	for i := range c.N {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if !c.Null(i) {
			d := digit(i)
			x.rows[next[d]] = uint32(i)
			next[d]++
		}
	}
	if unique {
		x.one = large.Zeroed[uint32](x.domain + 1)
		x.one[0] = column.Missing
		for d := range x.domain {
			x.one[d+1] = column.Missing
			if at := x.start[d]; at < x.start[d+1] {
				x.one[d+1] = x.rows[at]
			}
		}
	}
	return x, e.Cancelled()
}

// digits chooses how values become digits and gives that of the index's rows.
func (x *Index) digits(e exec.Run) func(i int) int32 {
	c := x.c
	switch c.Kind {
	case column.String:
		x.domain = c.Dict.Len()
		return func(i int) int32 { return c.Codes[i] }
	case column.Bool:
		x.domain = 2
	case column.Int:
		lo, hi := c.IntRange(e)
		if span := uint64(hi) - uint64(lo); lo <= hi && span < uint64(group.DenseDomain(c.N)) {
			x.low, x.domain = lo, int(span)+1
			return func(i int) int32 { return int32(c.Ints[i] - lo) }
		}
		fallthrough
	case column.Float:
		x.numbers = keyset.New()
		x.numbers.Run = e
		codes := large.Zeroed[int32](c.N)
		key, _ := column.RankedValues(c)
		for i := range codes {
			if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
				break // the index's maker sees it too
			}
			codes[i] = x.numbers.Number(key(i))
		}
		x.domain = len(x.numbers.Keys)
		return func(i int) int32 { return codes[i] }
	}
	return func(i int) int32 {
		if c.Bools[i] {
			return 1
		}
		return 0
	}
}

// finder writes the only rows that match rows from and on of another column, [column.Missing] where none does. No key
// occurs twice in x.
func (x *Index) finder(c *column.Column) func(rows []uint32, from int) {
	return ofColumn(c, x.valueFinder(c), column.Missing)
}

// ofColumn is a finder or a locator of a column that may have nulls, for which it writes none, by one that takes them for values.
func ofColumn[T int32 | uint32](c *column.Column, ofValues func(out []T, from int), none T) func(out []T, from int) {
	find := func(out []T, from int) {
		c.Touch(from, from+len(out))
		ofValues(out, from)
	}
	if c.Valid == nil {
		return find
	}
	return func(out []T, from int) {
		find(out, from)
		for i := range out {
			if c.Null(from + i) {
				out[i] = none
			}
		}
	}
}

// valueFinder is finder that takes nulls for values.
func (x *Index) valueFinder(c *column.Column) func(rows []uint32, from int) {
	switch {
	case c.Kind == column.String:
		var table []uint32
		for _, d := range x.translate(c.Dict) {
			table = append(table, x.one[d+1])
		}
		table = append(table, column.Missing) // never empty: at a null any code may stand
		return func(rows []uint32, from int) {
			for i, code := range c.Codes[from:][:len(rows)] {
				rows[i] = table[code]
			}
		}
	case c.Kind == column.Int && x.numbers == nil:
		byDigit := x.one[1:]
		return func(rows []uint32, from int) {
			for i, v := range c.Ints[from:][:len(rows)] {
				r := uint32(column.Missing)
				if d := uint64(v) - uint64(x.low); d < uint64(len(byDigit)) {
					r = byDigit[d]
				}
				rows[i] = r
			}
		}
	}
	locate := x.valueLocator(c)
	return func(rows []uint32, from int) {
		var digits [1 << 10]int32
		for at := 0; at < len(rows); at += len(digits) {
			some := digits[:min(len(digits), len(rows)-at)]
			locate(some, from+at)
			for i, d := range some {
				rows[at+i] = x.one[d+1]
			}
		}
	}
}

// locator writes the digits of rows from and on of another column, -1 for none.
func (x *Index) locator(c *column.Column) func(digits []int32, from int) {
	return ofColumn(c, x.valueLocator(c), -1)
}

// valueLocator is locator that takes nulls for values.
func (x *Index) valueLocator(c *column.Column) func(digits []int32, from int) {
	switch {
	case c.Kind == column.String:
		table := append(x.translate(c.Dict), -1) // never empty: at a null any code may stand
		return func(digits []int32, from int) {
			for i, code := range c.Codes[from:][:len(digits)] {
				digits[i] = table[code]
			}
		}
	case x.numbers != nil:
		key, _ := column.RankedValues(c)
		return func(digits []int32, from int) {
			for i := range digits {
				digits[i] = x.numbers.Find(key(from + i))
			}
		}
	case c.Kind == column.Int:
		return func(digits []int32, from int) {
			for i, v := range c.Ints[from:][:len(digits)] {
				digits[i] = -1
				if d := uint64(v) - uint64(x.low); d < uint64(x.domain) {
					digits[i] = int32(d)
				}
			}
		}
	}
	return func(digits []int32, from int) {
		for i, v := range c.Bools[from:][:len(digits)] {
			digits[i] = 0
			if v {
				digits[i] = 1
			}
		}
	}
}

// translate gives the index's code of each value of d, -1 for none.
func (x *Index) translate(d *column.Dictionary) []int32 {
	own := x.c.Dict
	if own == d {
		codes := make([]int32, d.Len())
		for i := range codes {
			codes[i] = int32(i)
		}
		return codes
	}
	b := column.NewDictionaryBuilder()
	b.Absorb(x.run, own)
	codes := make([]int32, d.Len())
	for i := range codes {
		if i%column.SortRun == 0 && x.run.Cancelled() != nil {
			break // the search that follows sees it too
		}
		if code := b.Add(d.Value(int32(i))); int(code) < own.Len() {
			codes[i] = code
		} else {
			codes[i] = -1
		}
	}
	return codes
}
