package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Table is named columns of equal length, immutable: every operation returns a
// new table that shares what it can. Columns are in Apache Arrow's memory
// layout, strings dictionary-encoded.
//
// Operations do not return an error each, so that they chain as a lesson reads:
//
//	top := visits.GroupSum("geo_id", "visits").Where("visits", ">", 100).Sort("-visits")
//	if err := top.Err(); err != nil { … }
//
// The first failure stays in the table, later operations on it do nothing, and
// [Table.Err] returns it; a failed table shows as its error. Operations that
// return something other than a table return an error beside it; the few that have no
// place for one, such as [Table.Rows] and [Table.All], panic with the failure, so that
// no number of a failed table can be taken for a result.
//
// Operations are sequential unless asked otherwise. [Table.Parallel] gives the
// same table with its operations, and those of the tables made from it, on
// several goroutines; methods named …Parallel do it for one call and take the same arguments, so that
// the two can be told apart by a word: options last, which change how it runs and nothing else, or a list such as
// the keys of Sort, whose options are given to Parallel. The result is
// the same to the last bit, row order included: work is cut into chunks of
// 131,072 rows (more where there are very many groups) whose bounds do not
// depend on the number of workers, and chunks' floating-point sums are added in
// the order of the chunks, in the sequential form too; counts, sums of integers
// and extremes are exact in any order. Working memory is bounded: aggregates hold
// at most three partial results per worker, each the size of the groups; filters,
// sorts and joins hold 4 to 16 bytes a row beside their result.
type Table struct {
	cols  []*column.Column
	rows  int
	run   exec.Run
	plan  []string // how each operation that led here ran
	notes []string // of the file that it was read from
	err   error
}

// Rows returns the number of rows. It panics with the error of a failed table: there
// is no number that could be mistaken for its rows.
func (t Table) Rows() int {
	t.must()
	return t.rows
}

// must raises the error of a failed table where a result has no place for it.
func (t Table) must() {
	if t.err != nil {
		panic(&failedTable{t.err})
	}
}

// failedTable is what the caller of a method sees that a failed table cannot answer.
type failedTable struct{ err error }

func (f *failedTable) Error() string { return "the table failed: " + f.err.Error() }

func (f *failedTable) Unwrap() error { return f.err }

// Columns returns the names of the columns, in order. It panics as [Table.Rows] does.
func (t Table) Columns() []string {
	t.must()
	names := make([]string, len(t.cols))
	for i, c := range t.cols {
		names[i] = c.Name
	}
	return names
}

// Err returns the first failure among the operations that made t.
func (t Table) Err() error { return t.err }

// Notes returns what the reader of a file had to decide of it, such as a new name for a column
// whose name was taken. It shows below the table.
func (t Table) Notes() []string { return slices.Clone(t.notes) }

// Parallel returns t with its operations, and those of tables made from it, running
// on GOMAXPROCS goroutines or as many as [Workers] says, here or in an earlier call.
func (t Table) Parallel(opts ...Option) Table {
	t.run = parallel(t.run, opts).run
	return t
}

// Sequential returns t with its operations running on the caller's goroutine.
func (t Table) Sequential(opts ...Option) Table {
	t.run = with(t.run, opts).run.Sequential()
	return t
}

// with returns t under options, on as many goroutines as before.
func (t Table) with(opts []Option) Table {
	t.run = under(t.run, opts).run
	return t
}

// newTable checks what its callers promise: equal lengths, distinct names.
func newTable(cols []*column.Column) (Table, error) {
	t := Table{cols: cols}
	seen := make(map[string]bool, len(cols))
	for i, c := range cols {
		if seen[c.Name] {
			return Table{}, fmt.Errorf("a table cannot have two columns named %q: rename one", c.Name)
		}
		seen[c.Name] = true
		if i > 0 && c.N != cols[0].N {
			return Table{}, fmt.Errorf("column %q has %d rows and column %q has %d: columns of a table are equally long",
				c.Name, c.N, cols[0].Name, cols[0].N)
		}
	}
	if len(cols) > 0 {
		t.rows = cols[0].N
	}
	return t, nil
}

// framed returns the table of what a reader made.
func framed(f column.Frame, err error) (Table, error) {
	if err != nil {
		return Table{}, err
	}
	t, err := newTable(f.Columns)
	if err != nil {
		return Table{}, err
	}
	t.rows, t.notes, t.plan = f.Rows, f.Notes, f.Plan
	return t, nil
}

// derive returns a table made from t by an operation that step describes.
func (t Table) derive(cols []*column.Column, rows int, step string) Table {
	return Table{cols: cols, rows: rows, run: t.run, plan: append(slices.Clip(t.plan), step)}
}

func (t Table) fail(doing string, err error) Table {
	return Table{run: t.run, plan: t.plan, err: fmt.Errorf("%s: %w", doing, err)}
}

// column finds a column, or says which ones there are.
func (t Table) column(name string) (*column.Column, error) {
	if t.err != nil {
		return nil, t.err
	}
	for _, c := range t.cols {
		if c.Name == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no column %q: the table has %s", name, t.names())
}

func (t Table) names() string {
	if len(t.cols) == 0 {
		return "no columns"
	}
	return strings.Join(t.Columns(), ", ")
}

// numeric finds a column of numbers.
func (t Table) numeric(name string) (*column.Column, error) {
	c, err := t.column(name)
	if err == nil && !c.Numbers() {
		return nil, fmt.Errorf("column %q holds %s values: this needs int or float", name, c.Holds())
	}
	return c, err
}

// Select returns the named columns, in that order.
func (t Table) Select(names ...string) Table {
	if t.err != nil {
		return t
	}
	cols := make([]*column.Column, len(names))
	for i, name := range names {
		c, err := t.column(name)
		if err != nil {
			return t.fail("select", err)
		}
		if slices.Contains(names[:i], name) {
			return t.fail("select", fmt.Errorf("column %q is named twice", name))
		}
		cols[i] = c
	}
	return t.derive(cols, t.rows, "select "+strings.Join(names, ", ")+": no copy")
}

// Drop returns all columns but the named ones.
func (t Table) Drop(names ...string) Table {
	if t.err != nil {
		return t
	}
	for _, name := range names {
		if _, err := t.column(name); err != nil {
			return t.fail("drop", err)
		}
	}
	var cols []*column.Column
	for _, c := range t.cols {
		if !slices.Contains(names, c.Name) {
			cols = append(cols, c)
		}
	}
	return t.derive(cols, t.rows, "drop "+strings.Join(names, ", ")+": no copy")
}

// Rename returns t with column from named to.
func (t Table) Rename(from, to string) Table {
	if t.err != nil {
		return t
	}
	c, err := t.column(from)
	if err != nil {
		return t.fail("rename", err)
	}
	cols := slices.Clone(t.cols)
	renamed := *c
	renamed.Name = to
	cols[slices.Index(t.cols, c)] = &renamed
	if _, err := newTable(cols); err != nil {
		return t.fail("rename", err)
	}
	return t.derive(cols, t.rows, "rename: no copy")
}

// Slice returns rows [from, to), cut to the rows that exist; no copy.
func (t Table) Slice(from, to int) Table {
	if t.err != nil {
		return t
	}
	to = max(0, min(to, t.rows))
	from = max(0, min(from, to))
	cols := make([]*column.Column, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c.Slice(from, to)
	}
	return t.derive(cols, to-from, fmt.Sprintf("rows %d to %d: no copy", from, to))
}

// Head returns the first n rows; no copy.
func (t Table) Head(n int) Table { return t.Slice(0, n) }

// Tail returns the last n rows; no copy.
func (t Table) Tail(n int) Table { return t.Slice(t.rows-max(n, 0), t.rows) }

// WithIndex returns t with a first column that numbers the rows from 0, as pandas'
// reset_index does: a table of this package has no index of its own.
func (t Table) WithIndex(name string) Table {
	if t.err != nil {
		return t
	}
	index := make([]int64, t.rows)
	err := t.run.Chunks(t.rows, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			index[i] = int64(i)
		}
	})
	if err != nil {
		return t.fail("number the rows", err)
	}
	cols := append([]*column.Column{column.OfInts(name, index, nil)}, t.cols...)
	if _, err := newTable(cols); err != nil {
		return t.fail("number the rows", err)
	}
	return t.derive(cols, t.rows, "number the rows")
}
