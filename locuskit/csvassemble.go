package locuskit

import (
	"fmt"
	"slices"

	"locuslab/locuskit/internal/csvtext"
)

// table puts the blocks of a CSV text together.
func (r *csvRead) table(e execution) (Table, error) {
	starts := make([]int, len(r.blocks)+1)
	for i, n := range r.rows {
		starts[i+1] = starts[i] + n
	}
	cols := make([]*column, len(r.header))                          // nil where not wanted
	recode := make([]map[*dictionaryBuilder][]int32, len(r.header)) // a worker's code to the table's
	for i, name := range r.header {
		if r.only != nil && !r.only[name] {
			continue
		}
		c, codes, err := r.emptyColumn(e, i, starts)
		if err != nil {
			return Table{}, fmt.Errorf("read CSV %s: %w", r.source, err)
		}
		cols[i], recode[i] = c, codes
	}
	err := e.tasks(len(r.blocks), func(b int) {
		for i, part := range r.blocks[b] {
			if cols[i] == nil {
				continue
			}
			cols[i].put(starts[b], part.values(), 0, part.n, recode[i][part.dict])
			r.blocks[b][i] = nil
		}
	})
	if err != nil {
		return Table{}, fmt.Errorf("read CSV %s: %w", r.source, err)
	}
	t, err := newTable(slices.DeleteFunc(cols, func(c *column) bool { return c == nil }))
	if err != nil {
		return Table{}, fmt.Errorf("read CSV %s: %w", r.source, err)
	}
	t.plan = []string{fmt.Sprintf("read CSV %s: %d blocks of up to %d KiB on %d goroutines",
		r.source, len(r.blocks), csvtext.BlockBytes>>10, max(1, min(e.workers, len(r.blocks))))}
	return t, nil
}

// emptyColumn is column i of the whole text, nulls marked, and for strings the
// code in it of each code of each worker's dictionary. Which code a string has is
// no part of a table's value: it depends on who came first.
func (r *csvRead) emptyColumn(e execution, i int, starts []int) (c *column, recode map[*dictionaryBuilder][]int32, err error) {
	rows := starts[len(r.blocks)]
	name := r.header[i]
	switch r.blocks[0][i].kind {
	case Int:
		c = intColumn(name, make([]int64, rows), nil)
	case Float:
		c = floatColumn(name, make([]float64, rows), nil)
	case Bool:
		c = boolColumn(name, make([]bool, rows), nil)
	case String:
		all := newDictionaryBuilder()
		recode = make(map[*dictionaryBuilder][]int32)
		for _, b := range r.blocks {
			if d := b[i].dict; recode[d] == nil {
				recode[d] = all.absorb(e, d.build())
			}
		}
		if err := e.cancelled(); err != nil {
			return nil, nil, err
		}
		if all.full {
			return nil, nil, errDictionaryFull(name)
		}
		c = stringColumn(name, make([]int32, rows), all.build(), nil)
		c.exact = true
	}
	for b, cols := range r.blocks {
		for _, row := range cols[i].nulls {
			if c.valid == nil {
				c.valid = fullBitmap(rows)
			}
			clearBit(c.valid, starts[b]+row)
		}
	}
	return c, recode, nil
}

// values is a block's column but for which values are null.
func (p *csvColumn) values() *column {
	return &column{kind: p.kind, n: p.n, ints: p.ints, floats: p.floats, bools: p.bools, codes: p.codes}
}
