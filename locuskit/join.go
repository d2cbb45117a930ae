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
	m, err := t.matches(index, a, outer)
	if err != nil {
		return nil, 0, err
	}
	cols := t.cols
	if m.left != nil {
		if cols, err = t.take(m.left); err != nil {
			return nil, 0, err
		}
	}
	cols = slices.Clip(cols)
	for _, c := range right.cols {
		if c == b {
			continue
		}
		taken, err := takeOrNull(t.run, c, m.right, m.holes)
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
	return cols, len(m.right), nil
}

// matches is the pairs of rows that belong together.
type matches struct {
	left  []uint32 // nil: the rows as they are
	right []uint32
	holes bool // some of right is missing
}

func (t Table) matches(x *joinIndex, key *column, outer bool) (matches, error) {
	if x.one != nil {
		return t.atMostOne(x, key, outer)
	}
	locate := x.locator(key)
	type pairs struct {
		left, right []uint32
		holes       bool
	}
	found := make([]pairs, chunkCount(t.rows, chunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := chunksWith(t.run, t.rows, chunkRows, fresh, func(buf []int32, chunk, from, to int) {
		p := pairs{left: make([]uint32, 0, to-from), right: make([]uint32, 0, to-from)}
		for ; from < to && t.run.cancelled() == nil; from += batchRows { // a row may have any number of matches
			digits := buf[:min(batchRows, to-from)]
			locate(digits, from)
			for i, d := range digits {
				if d >= 0 && x.start[d] < x.start[d+1] {
					for _, r := range x.rows[x.start[d]:x.start[d+1]] {
						p.left = append(p.left, uint32(from+i))
						p.right = append(p.right, r)
					}
				} else if outer {
					p.left = append(p.left, uint32(from+i))
					p.right = append(p.right, missing)
					p.holes = true
				}
			}
		}
		found[chunk] = p
	})
	if err != nil {
		return matches{}, err
	}
	total := 0
	for _, p := range found {
		total += len(p.left)
	}
	m := matches{left: make([]uint32, 0, total), right: make([]uint32, 0, total)}
	for _, p := range found {
		m.left, m.right, m.holes = append(m.left, p.left...), append(m.right, p.right...), m.holes || p.holes
	}
	return m, nil
}

// atMostOne is matches where no key occurs twice on the right: what a join with a
// table of groups is.
func (t Table) atMostOne(x *joinIndex, key *column, outer bool) (matches, error) {
	m := matches{right: make([]uint32, t.rows)}
	locate := x.locator(key)
	lost := make([]int, chunkCount(t.rows, chunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := chunksWith(t.run, t.rows, chunkRows, fresh, func(buf []int32, chunk, from, to int) {
		without := 0
		for ; from < to; from += batchRows {
			digits := buf[:min(batchRows, to-from)]
			locate(digits, from)
			out := m.right[from:][:len(digits)]
			for i, d := range digits {
				r := x.one[uint32(d+1)] // -1, no such key, has the first place
				out[i] = r
				if r == missing {
					without++
				}
			}
		}
		lost[chunk] = without
	})
	if err != nil {
		return matches{}, err
	}
	for _, n := range lost {
		m.holes = m.holes || n > 0
	}
	if outer || !m.holes {
		return m, nil
	}
	picked, total, err := t.run.pick(t.rows, func(from, to int, out []int32) int {
		n := 0
		for i, r := range m.right[from:to] {
			out[n] = int32(i)
			if r != missing {
				n++
			}
		}
		return n
	})
	if err != nil {
		return matches{}, err
	}
	some := matches{left: make([]uint32, 0, total), right: make([]uint32, 0, total)}
	for chunk, rows := range picked {
		for _, r := range rows {
			row := chunk*chunkRows + int(r)
			some.left, some.right = append(some.left, uint32(row)), append(some.right, m.right[row])
		}
	}
	return some, nil
}

// takeOrNull is the numbered rows of c, null for missing ones, of which holes tells
// whether there are any.
func takeOrNull(e execution, c *column, rows []uint32, holes bool) (*column, error) {
	if !holes {
		return c.take(e, rows)
	}
	out := c.emptyLike(len(rows))
	out.valid = newBitmap(len(rows))
	err := e.chunks(len(rows), chunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			r := rows[i]
			if r == missing || c.null(int(r)) {
				continue
			}
			switch c.kind {
			case Int:
				out.ints[i] = c.ints[r]
			case Float:
				out.floats[i] = c.floats[r]
			case Bool:
				out.bools[i] = c.bools[r]
			case String:
				out.codes[i] = c.codes[r]
			}
			setBit(out.valid, i)
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
	one     []uint32 // where no key occurs twice: digit d has row one[d+1]
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
	unique := true
	for d := range x.domain {
		unique = unique && x.start[d+1] <= 1
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
