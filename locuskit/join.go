package locuskit

import (
	"fmt"
	"slices"
)

// Join puts beside each row of t the rows of right with the same value in the
// column key, which both have: rows in the order of t, several matches in the
// order of right, rows without a match left out. Nulls match nothing. Columns of
// right that t has too get "_right" behind their name.
//
// Cost: right is indexed once; 4 bytes a row of right and 8 a row of the result
// beside the result itself.
func (t Table) Join(right Table, key string) Table { return t.join(right, key, false) }

// JoinParallel is [Table.Join] on several goroutines.
func (t Table) JoinParallel(right Table, key string, opts ...TableOption) Table {
	return t.Parallel(opts...).Join(right, key)
}

// LeftJoin is [Table.Join] that keeps rows of t without a match: the columns of
// right are null there.
func (t Table) LeftJoin(right Table, key string) Table { return t.join(right, key, true) }

// LeftJoinParallel is [Table.LeftJoin] on several goroutines.
func (t Table) LeftJoinParallel(right Table, key string, opts ...TableOption) Table {
	return t.Parallel(opts...).LeftJoin(right, key)
}

func (t Table) join(right Table, key string, outer bool) Table {
	if t.err != nil {
		return t
	}
	doing := "join on " + key
	if outer {
		doing = "left " + doing
	}
	cols, rows, err := t.joined(right, key, outer)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, rows, fmt.Sprintf("%s: %d rows with %d; %s", doing, t.rows, right.rows, t.run.explain(t.rows, chunkRows)))
}

func (t Table) joined(right Table, key string, outer bool) ([]*column, int, error) {
	a, err := t.column(key)
	if err != nil {
		return nil, 0, fmt.Errorf("left table: %w", err)
	}
	b, err := right.column(key)
	if err != nil {
		return nil, 0, fmt.Errorf("right table: %w", err)
	}
	if a.kind != b.kind {
		return nil, 0, fmt.Errorf("column %q holds %s values in the left table and %s in the right: both sides need one kind", key, a.kind, b.kind)
	}
	if t.rows >= 1<<32 || right.rows >= 1<<32-1 {
		return nil, 0, fmt.Errorf("tables of 4,294,967,295 rows and more cannot be joined in memory")
	}
	index, err := newJoinIndex(t.run, b)
	if err != nil {
		return nil, 0, err
	}
	leftRows, rightRows, err := t.matches(index, index.locator(a), outer)
	if err != nil {
		return nil, 0, err
	}
	cols := t.cols
	if !isIdentity(leftRows, t.rows) {
		if cols, err = t.take(leftRows); err != nil {
			return nil, 0, err
		}
	}
	cols = slices.Clip(cols)
	for _, c := range right.cols {
		if c == b {
			continue
		}
		taken, err := takeOrNull(t.run, c, rightRows)
		if err != nil {
			return nil, 0, err
		}
		for _, have := range cols {
			if have.name == taken.name {
				taken.name += "_right"
				break
			}
		}
		cols = append(cols, taken)
	}
	if _, err := newTable(cols); err != nil {
		return nil, 0, err
	}
	return cols, len(rightRows), nil
}

func isIdentity(rows []uint32, n int) bool {
	if len(rows) != n {
		return false
	}
	for i, r := range rows {
		if int(r) != i {
			return false
		}
	}
	return true
}

// matches is the pairs of rows that belong together.
func (t Table) matches(x *joinIndex, locate func(i int) int32, outer bool) (left, right []uint32, err error) {
	type pairs struct{ left, right []uint32 }
	found := make([]pairs, chunkCount(t.rows, chunkRows))
	err = t.run.chunks(t.rows, chunkRows, func(chunk, from, to int) {
		p := pairs{make([]uint32, 0, to-from), make([]uint32, 0, to-from)}
		for i := from; i < to; i++ {
			g := locate(i)
			switch {
			case g >= 0:
				for _, r := range x.rows[x.start[g]:x.start[g+1]] {
					p.left = append(p.left, uint32(i))
					p.right = append(p.right, r)
				}
				if x.start[g] < x.start[g+1] || !outer {
					continue
				}
				fallthrough
			case outer:
				p.left = append(p.left, uint32(i))
				p.right = append(p.right, missing)
			}
		}
		found[chunk] = p
	})
	if err != nil {
		return nil, nil, err
	}
	total := 0
	for _, p := range found {
		total += len(p.left)
	}
	left, right = make([]uint32, 0, total), make([]uint32, 0, total)
	for _, p := range found {
		left, right = append(left, p.left...), append(right, p.right...)
	}
	return left, right, nil
}

// takeOrNull is the numbered rows of c, null for missing ones.
func takeOrNull(e execution, c *column, rows []uint32) (*column, error) {
	out := c.emptyLike(len(rows))
	holes := slices.Contains(rows, missing)
	if holes || c.valid != nil {
		out.valid = newBitmap(len(rows))
	}
	err := e.chunks(len(rows), chunkRows, func(_, from, to int) {
		if out.valid == nil {
			out.takeRange(c, rows, from, to)
			return
		}
		one := make([]uint32, 1)
		for i := from; i < to; i++ {
			if one[0] = rows[i]; one[0] != missing && !c.null(int(one[0])) {
				switch c.kind {
				case Int:
					out.ints[i] = c.ints[one[0]]
				case Float:
					out.floats[i] = c.floats[one[0]]
				case Bool:
					out.bools[i] = c.bools[one[0]]
				case String:
					out.codes[i] = c.codes[one[0]]
				}
				setBit(out.valid, i)
			}
		}
	})
	return out, err
}

// joinIndex is the rows of a key column by their value.
type joinIndex struct {
	c       *column
	numbers *numberSet // of values; nil where digits come from elsewhere
	low     int64      // integers of a small range: digit = value - low
	domain  int
	start   []uint32 // digit d has rows[start[d]:start[d+1]], ascending
	rows    []uint32
}

func newJoinIndex(e execution, c *column) (*joinIndex, error) {
	x := &joinIndex{c: c}
	digit := x.digits(e)
	x.start = make([]uint32, x.domain+1)
	for i := range c.n {
		if i%chunkRows == 0 && e.cancelled() != nil {
			return nil, e.cancelled()
		}
		if !c.null(i) {
			x.start[digit(i)+1]++
		}
	}
	for d := range x.domain {
		x.start[d+1] += x.start[d]
	}
	x.rows = make([]uint32, x.start[x.domain])
	next := slices.Clone(x.start)
	for i := range c.n {
		if !c.null(i) {
			d := digit(i)
			x.rows[next[d]] = uint32(i)
			next[d]++
		}
	}
	return x, e.cancelled()
}

// digits chooses how values become digits and gives that of the index's rows.
func (x *joinIndex) digits(e execution) func(i int) int32 {
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
		codes := make([]int32, c.n)
		key, _ := rankedValues(c)
		for i := range codes {
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

// locator gives the digit of each row of another column, -1 for none.
func (x *joinIndex) locator(c *column) func(i int) int32 {
	switch {
	case c.kind == String:
		codes := x.translate(c.dict)
		if c.valid == nil {
			return func(i int) int32 { return codes[c.codes[i]] }
		}
		return func(i int) int32 {
			if c.null(i) {
				return -1
			}
			return codes[c.codes[i]]
		}
	case x.numbers != nil:
		key, _ := rankedValues(c)
		return func(i int) int32 {
			if c.null(i) {
				return -1
			}
			return x.numbers.find(key(i))
		}
	case c.kind == Int:
		return func(i int) int32 {
			d := uint64(c.ints[i]) - uint64(x.low)
			if d >= uint64(x.domain) || c.null(i) {
				return -1
			}
			return int32(d)
		}
	}
	return func(i int) int32 {
		switch {
		case c.null(i):
			return -1
		case c.bools[i]:
			return 1
		}
		return 0
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
	b.absorb(own)
	codes := make([]int32, d.len())
	for i := range codes {
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
