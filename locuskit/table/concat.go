package table

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/bitutil"

	"locuslab/locuskit/table/internal/exec"
)

// Concat puts tables with the same columns, in names and kinds, one below the
// other. Dictionaries are joined. It runs as the first table's operations do.
func Concat(tables ...Table) (Table, error) {
	if len(tables) == 0 {
		return Table{}, nil
	}
	return concat(tables[0].run, tables)
}

func concat(e exec.Run, tables []Table) (Table, error) {
	if len(tables) == 0 {
		return Table{}, nil
	}
	rows := 0
	for i, t := range tables {
		if t.err != nil {
			return Table{}, fmt.Errorf("concat: table %d: %w", i+1, t.err)
		}
		if len(t.cols) != len(tables[0].cols) {
			return Table{}, fmt.Errorf("concat: table %d has %d columns and the first %d", i+1, len(t.cols), len(tables[0].cols))
		}
		rows += t.rows
	}
	cols := make([]*column, len(tables[0].cols))
	for k, first := range tables[0].cols {
		parts := make([]*column, len(tables))
		for i, t := range tables {
			c := t.cols[k]
			if c.name != first.name || c.holds() != first.holds() {
				return Table{}, fmt.Errorf("concat: column %d of table %d is %q (%s) and of the first %q (%s)", k+1, i+1, c.name, c.holds(), first.name, first.holds())
			}
			parts[i] = c
		}
		c, err := concatColumns(e, parts, rows)
		if err != nil {
			return Table{}, fmt.Errorf("concat: %w", err)
		}
		cols[k] = c
	}
	return Table{cols: cols, rows: rows, run: tables[0].run}, nil
}

func concatColumns(e exec.Run, parts []*column, rows int) (*column, error) {
	if len(parts) == 1 {
		return parts[0], nil
	}
	out := parts[0].emptyLike(rows)
	if slices.ContainsFunc(parts, func(p *column) bool { return p.plain != nil }) {
		out = plainColumn(out.name, make([]uint64, rows), nil, nil)
		if err := concatPlain(e, parts, out); err != nil {
			return nil, err
		}
	}
	var all *dictionaryBuilder
	recode := make(map[*dictionary][]int32)
	if out.kind == String && out.plain == nil {
		all = newDictionaryBuilder()
		out.exact = true
		for _, p := range parts {
			out.exact = out.exact && p.exact
			if recode[p.dict] == nil {
				recode[p.dict] = all.absorb(e, p.dict)
			}
		}
		if err := e.Cancelled(); err != nil {
			return nil, err
		}
		if all.full {
			return nil, errDictionaryFull(out.name)
		}
		out.dict = all.build()
	}
	starts := make([]int, len(parts))
	at := 0
	for i, p := range parts {
		starts[i] = at
		at += p.n
		if p.valid == nil {
			continue
		}
		if out.valid == nil {
			out.valid = fullBitmap(rows)
		}
		bitutil.CopyBitmap(p.valid, 0, p.n, out.valid, starts[i])
	}
	if out.plain != nil {
		return out, nil
	}
	err := e.Tasks(len(parts), func(i int) {
		p := parts[i]
		// Where it is cancelled, the tasks' error says so.
		_ = e.Quiet().Sequential().Chunks(p.n, exec.ChunkRows, func(_, from, to int) {
			out.put(starts[i]+from, p, from, to, recode[p.dict])
		})
	})
	return out, err
}

// put writes rows [from, to) of src to rows at and on of c, but for which are null. recode
// is c's code for each of src's.
func (c *column) put(at int, src *column, from, to int, recode []int32) {
	switch c.kind {
	case Int:
		copy(c.ints[at:], src.ints[from:to])
	case Float:
		copy(c.floats[at:], src.floats[from:to])
	case Bool:
		copy(c.bools[at:], src.bools[from:to])
	case String:
		dst := c.codes[at:][:to-from]
		for k, code := range src.codes[from:to] {
			if int(code) < len(recode) { // not so where all values are null
				dst[k] = recode[code]
			}
		}
	}
}

// set gives row k of c the value of row i of src, which has c's dictionary.
func (c *column) set(k int, src *column, i int) {
	setBit(c.valid, k)
	switch c.kind {
	case Int:
		c.ints[k] = src.ints[i]
	case Float:
		c.floats[k] = src.floats[i]
	case Bool:
		c.bools[k] = src.bools[i]
	case String:
		if c.plain != nil {
			c.views[k] = src.views[i]
		} else {
			c.codes[k] = src.codes[i]
		}
	}
}
