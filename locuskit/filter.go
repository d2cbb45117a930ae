package locuskit

import (
	"fmt"
	"strings"
	"sync"
)

// Where is the rows whose value in a column compares so to value: op is one of
// == != < <= > >=. value is a number for columns of numbers, a string for string
// columns (compared byte by byte), a bool (== and != only) for bool columns. A
// null compares to nothing, NaN is only != to everything. Rows keep their order.
func (t Table) Where(name, op string, value any) Table {
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("where %s %s %v", name, op, value)
	c, err := t.column(name)
	if err != nil {
		return t.fail(doing, err)
	}
	match, err := comparison(c, op, value)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.keep(doing, func(from, to int, out []int32) int {
		n := match(from, to, out)
		if c.valid != nil {
			kept := 0
			for _, r := range out[:n] {
				if !c.null(from + int(r)) {
					out[kept] = r
					kept++
				}
			}
			n = kept
		}
		return n
	})
}

// WhereParallel is [Table.Where] on several goroutines.
func (t Table) WhereParallel(name, op string, value any, opts ...TableOption) Table {
	return t.Parallel(opts...).Where(name, op, value)
}

// WhereIn is the rows whose value in a string column is one of values.
func (t Table) WhereIn(name string, values ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "where " + name + " in a list of " + fmt.Sprint(len(values))
	c, err := t.column(name)
	if err == nil && c.kind != String {
		err = fmt.Errorf("column %q holds %s values: a list of strings needs a string column", name, c.kind)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	wanted := make(map[string]bool, len(values))
	for _, v := range values {
		wanted[v] = true
	}
	in := make([]bool, max(1, c.dict.len()))
	for code := range c.dict.len() {
		in[code] = wanted[c.dict.value(int32(code))]
	}
	return t.keep(doing, func(from, to int, out []int32) int {
		return choose(c, from, to, out, func(i int) bool { return in[c.codes[i]] && !c.null(i) })
	})
}

// Filter is the rows for which keep says true, in their order. keep is called
// once a row, in the parallel form from several goroutines at once.
func (t Table) Filter(keep func(Row) bool) Table {
	if t.err != nil {
		return t
	}
	return t.keep("filter", func(from, to int, out []int32) int {
		n := 0
		for i := from; i < to; i++ {
			if i&0xfff == 0 && t.run.cancelled() != nil { // keep may take its time
				return n
			}
			if keep(Row{t.cols, i}) {
				out[n] = int32(i - from)
				n++
			}
		}
		return n
	})
}

// FilterParallel is [Table.Filter] on several goroutines.
func (t Table) FilterParallel(keep func(Row) bool, opts ...TableOption) Table {
	return t.Parallel(opts...).Filter(keep)
}

// keep is the rows that match finds: it writes the matching rows of [from, to),
// counted from from, into out and says how many.
func (t Table) keep(doing string, match matcher) Table {
	picked, total, err := t.run.pick(t.rows, match)
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := t.takePicked(picked, total)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, total, fmt.Sprintf("%s: %s", doing, t.run.explain(t.rows, chunkRows)))
}

// pick is the matching rows of each chunk, counted from the chunk's first row, and
// how many there are in all.
func (e execution) pick(rows int, match matcher) (picked [][]int32, total int, err error) {
	picked = make([][]int32, chunkCount(rows, chunkRows))
	scratch := func() []int32 { return make([]int32, min(rows, chunkRows)) }
	err = chunksWith(e, rows, chunkRows, scratch, func(scratch []int32, chunk, from, to int) {
		found := scratch[:match(from, to, scratch)]
		picked[chunk] = append([]int32(nil), found...)
	})
	for _, p := range picked {
		total += len(p)
	}
	return picked, total, err
}

// takePicked is the picked rows of t, total of them.
func (t Table) takePicked(picked [][]int32, total int) ([]*column, error) {
	starts := make([]int, len(picked)+1)
	for i, p := range picked {
		starts[i+1] = starts[i] + len(p)
	}
	cols := make([]*column, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c.emptyLike(total)
		if c.valid != nil {
			cols[i].valid = newBitmap(total)
		}
	}
	var edges sync.Mutex
	err := t.run.chunks(t.rows, chunkRows, func(chunk, from, to int) {
		for i, c := range t.cols {
			cols[i].gather(starts[chunk], c, from, picked[chunk])
			if c.valid != nil {
				gatherBits(cols[i].valid, starts[chunk], c.valid, from, picked[chunk], &edges)
			}
		}
	})
	return cols, err
}

// emptyLike is a column of n rows of c's name, kind and dictionary, to be filled.
func (c *column) emptyLike(n int) *column {
	switch c.kind {
	case Int:
		return intColumn(c.name, make([]int64, n), nil)
	case Float:
		return floatColumn(c.name, make([]float64, n), nil)
	case Bool:
		return boolColumn(c.name, make([]bool, n), nil)
	}
	return stringColumn(c.name, make([]int32, n), c.dict, nil)
}

// gather writes rows base+rows[k] of src to rows at+k of c, but for which are null.
func (c *column) gather(at int, src *column, base int, rows []int32) {
	switch c.kind {
	case Int:
		gather(c.ints[at:], src.ints[base:], rows)
	case Float:
		gather(c.floats[at:], src.floats[base:], rows)
	case Bool:
		gather(c.bools[at:], src.bools[base:], rows)
	case String:
		gather(c.codes[at:], src.codes[base:], rows)
	}
}

func gather[T any, R int32 | uint32](dst, src []T, rows []R) {
	dst = dst[:len(rows)]
	for k, r := range rows {
		dst[k] = src[r]
	}
}

// gatherBits writes bits base+rows[k] of src to bits at+k of dst, whose bits are
// zero. The bytes at the ends, which rows of other chunks may share, it writes
// under edges.
func gatherBits[R int32 | uint32](dst []byte, at int, src []byte, base int, rows []R, edges *sync.Mutex) {
	bit := func(k int) byte { i := base + int(rows[k]); return src[i>>3] >> (i & 7) & 1 }
	edge := func(from, to int) {
		if from >= to {
			return
		}
		edges.Lock()
		defer edges.Unlock()
		for k := from; k < to; k++ {
			dst[(at+k)>>3] |= bit(k) << ((at + k) & 7)
		}
	}
	k := min(len(rows), -at&7)
	edge(0, k)
	for ; k+8 <= len(rows); k += 8 {
		dst[(at+k)>>3] = bit(k) | bit(k+1)<<1 | bit(k+2)<<2 | bit(k+3)<<3 | bit(k+4)<<4 | bit(k+5)<<5 | bit(k+6)<<6 | bit(k+7)<<7
	}
	edge(k, len(rows))
}

// choose writes the rows of [from, to) that match, counted from from.
func choose(_ *column, from, to int, out []int32, match func(i int) bool) int {
	n := 0
	for i := from; i < to; i++ {
		if match(i) {
			out[n] = int32(i - from)
			n++
		}
	}
	return n
}

type matcher func(from, to int, out []int32) int

func comparison(c *column, op string, value any) (matcher, error) {
	if !strings.Contains(" == != < <= > >= ", " "+op+" ") || op == "" {
		return nil, fmt.Errorf("no comparison %q: use one of == != < <= > >=", op)
	}
	switch c.kind {
	case Int:
		return compareInts(c, op, value)
	case Float:
		if v, ok := toFloat(value); ok {
			return matchOrdered(c.floats, op, v), nil
		}
	case String:
		if v, ok := value.(string); ok {
			return compareStrings(c, op, v), nil
		}
	case Bool:
		if v, ok := value.(bool); ok {
			if op != "==" && op != "!=" {
				return nil, fmt.Errorf("column %q holds bool values: compare them with == or !=", c.name)
			}
			want := v == (op == "==")
			return func(from, to int, out []int32) int {
				return choose(c, from, to, out, func(i int) bool { return c.bools[i] == want })
			}, nil
		}
	}
	return nil, fmt.Errorf("column %q holds %s values: it cannot be compared to %v (%T)", c.name, c.kind, value, value)
}

func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func compareInts(c *column, op string, value any) (matcher, error) {
	switch v := value.(type) {
	case int:
		return matchOrdered(c.ints, op, int64(v)), nil
	case int64:
		return matchOrdered(c.ints, op, v), nil
	case float64:
		// A whole column as float64 would round; one bound moved to the next
		// integer compares exactly.
		bound, op := integerBound(op, v)
		switch op {
		case "all":
			return func(from, to int, out []int32) int {
				return choose(c, from, to, out, func(int) bool { return true })
			}, nil
		case "none":
			return func(int, int, []int32) int { return 0 }, nil
		}
		return matchOrdered(c.ints, op, bound), nil
	}
	return nil, fmt.Errorf("column %q holds int values: it cannot be compared to %v (%T)", c.name, value, value)
}

// compareStrings compares each distinct string once, then codes.
func compareStrings(c *column, op, v string) matcher {
	match := make([]bool, max(1, c.dict.len()))
	for code := range c.dict.len() {
		s := c.dict.value(int32(code))
		switch op {
		case "==":
			match[code] = s == v
		case "!=":
			match[code] = s != v
		case "<":
			match[code] = s < v
		case "<=":
			match[code] = s <= v
		case ">":
			match[code] = s > v
		case ">=":
			match[code] = s >= v
		}
	}
	return func(from, to int, out []int32) int {
		n := 0
		for i, code := range c.codes[from:to] {
			out[n] = int32(i)
			if match[code] {
				n++
			}
		}
		return n
	}
}
