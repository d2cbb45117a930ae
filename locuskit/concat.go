package locuskit

import "fmt"

// Concat puts tables with the same columns, in names and kinds, one below the
// other. Dictionaries are joined.
func Concat(tables ...Table) (Table, error) { return concat(execution{}, tables) }

func concat(e execution, tables []Table) (Table, error) {
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
			if c.name != first.name || c.kind != first.kind {
				return Table{}, fmt.Errorf("concat: column %d of table %d is %q (%s) and of the first %q (%s)", k+1, i+1, c.name, c.kind, first.name, first.kind)
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

func concatColumns(e execution, parts []*column, rows int) (*column, error) {
	if len(parts) == 1 {
		return parts[0], nil
	}
	out := parts[0].emptyLike(rows)
	var all *dictionaryBuilder
	recode := make(map[*dictionary][]int32)
	if out.kind == String {
		all = newDictionaryBuilder()
		out.exact = true
		for _, p := range parts {
			out.exact = out.exact && p.exact
			if recode[p.dict] == nil {
				recode[p.dict] = all.absorb(e, p.dict)
			}
		}
		if err := e.cancelled(); err != nil {
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
		for k := range p.n {
			if p.null(k) {
				clearBit(out.valid, starts[i]+k)
			}
		}
	}
	err := e.tasks(len(parts), func(i int) {
		p, at := parts[i], starts[i]
		switch p.kind {
		case Int:
			copy(out.ints[at:], p.ints)
		case Float:
			copy(out.floats[at:], p.floats)
		case Bool:
			copy(out.bools[at:], p.bools)
		case String:
			codes, dst := recode[p.dict], out.codes[at:][:p.n]
			for k, c := range p.codes {
				if int(c) < len(codes) { // not so where all values are null
					dst[k] = codes[c]
				}
			}
		}
	})
	return out, err
}
