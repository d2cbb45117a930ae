package table

import (
	"fmt"
	"slices"

	"locuslab/locuskit/table/internal/column"
)

// Where returns the rows whose value in a column compares so to value: op is one of
// == != < <= > >=. value is a number for columns of numbers, a string for string
// columns (compared byte by byte), a bool (== and != only) for bool columns. A
// null compares to nothing, NaN is only != to everything. Rows keep their order.
func (t Table) Where(name, op string, value any, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("where %s %s %v", name, op, value)
	c, err := t.column(name)
	if err != nil {
		return t.fail(doing, err)
	}
	match, err := column.Comparison(c, op, value)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.keepMatching(doing, []*column.Column{c}, func(from, to int, out []int32) int {
		n := match(from, to, out)
		if c.Valid == nil {
			return n
		}
		kept := 0
		for _, r := range out[:n] { // without a branch, as the matcher
			out[kept] = r
			kept += int(column.Presence(c.Valid, from+int(r)))
		}
		return kept
	})
}

// WhereParallel is [Table.Where] on several goroutines.
func (t Table) WhereParallel(name, op string, value any, opts ...Option) Table {
	return t.Parallel(opts...).Where(name, op, value)
}

// WhereIn returns the rows whose value in a string column is one of values.
func (t Table) WhereIn(name string, values ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "where " + name + " in a list of " + fmt.Sprint(len(values))
	c, err := t.column(name)
	if err == nil && c.Kind != column.String {
		err = fmt.Errorf("column %q holds %s values: a list of strings needs a string column", name, c.Kind)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	wanted := make(map[string]bool, len(values))
	for _, v := range values {
		wanted[v] = true
	}
	if c.Plain != nil {
		return t.keepMatching(doing, []*column.Column{c}, func(from, to int, out []int32) int {
			return column.Choose(c, from, to, out, func(i int) bool { return !c.Null(i) && wanted[c.Str(i)] })
		})
	}
	in := make([]bool, max(1, c.Dict.Len()))
	for code := range c.Dict.Len() {
		in[code] = wanted[c.Dict.Value(int32(code))]
	}
	return t.keepMatching(doing, []*column.Column{c}, func(from, to int, out []int32) int {
		return column.Choose(c, from, to, out, func(i int) bool { return in[c.Codes[i]] && !c.Null(i) })
	})
}

// keepMatching returns the rows that match finds, which may be asked twice about a row and finds none where one of full is
// null: which of their values are there need not be looked up. A chunk is gathered right after it was matched, while it is in
// the caches: its place in the result is known once the chunks before it are matched. That takes a result
// that is there beforehand, whose size is estimated.
func (t Table) keepMatching(doing string, full []*column.Column, match column.Matcher) Table {
	cols := slices.Clone(t.cols)
	var filled []int
	for i, c := range cols {
		if c.Valid != nil && slices.Contains(full, c) {
			whole := *c
			whole.Valid = nil
			cols[i], filled = &whole, append(filled, i)
		}
	}
	kept, total, err := column.KeepEstimated(t.run, cols, t.rows, match)
	if err == nil {
		for _, i := range filled {
			kept[i].Valid = column.FullBitmap(total)
		}
	}
	return t.kept(doing, kept, total, err)
}
