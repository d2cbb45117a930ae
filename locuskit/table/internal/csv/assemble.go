package csv

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// blockColumns is a CSV text as parsed blocks.
type blockColumns struct {
	mu   sync.Mutex
	cols [][]*Values
	rows []int
}

// keep keeps a block, or of one that was there before the columns that were read again.
func (b *blockColumns) keep(number int, cols []*Values, rows int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.cols) <= number {
		b.cols, b.rows = append(b.cols, nil), append(b.rows, 0)
	}
	if b.cols[number] == nil {
		b.cols[number], b.rows[number] = cols, rows
		return nil
	}
	if b.rows[number] != rows {
		return errors.New("it changed while it was read")
	}
	for i, c := range cols {
		if c.Kind != unwanted {
			b.cols[number][i] = c
		}
	}
	return nil
}

// frame puts the blocks of a CSV text together.
func (r *textReader) frame(e exec.Run, blocks *blockColumns) (column.Frame, error) {
	starts := make([]int, len(blocks.rows)+1)
	for i, n := range blocks.rows {
		starts[i+1] = starts[i] + n
	}
	cols := make([]*column.Column, len(r.wanted))
	recode := make([]map[*column.DictionaryBuilder][]int32, len(r.wanted)) // a worker's code to the table's
	texts := make([]textPlaces, len(r.wanted))
	for k, i := range r.wanted {
		if blocks.diverse(i) {
			var err error
			if cols[k], texts[k], err = r.plainColumn(blocks, i, starts); err != nil {
				return column.Frame{}, err
			}
			continue
		}
		c, codes, err := r.emptyColumn(e, blocks, i, starts)
		if err != nil {
			return column.Frame{}, err
		}
		cols[k], recode[k] = c, codes
	}
	err := e.Tasks(len(blocks.cols), func(b int) {
		for k, i := range r.wanted {
			switch part := blocks.cols[b][i]; {
			case part.Kind == Unknown:
			case cols[k].Plain != nil:
				part.place(cols[k].Views[starts[b]:starts[b+1]], cols[k].Plain.Text, texts[k], b)
			default:
				cols[k].Put(starts[b], part.values(), 0, part.N, recode[k][part.Dict])
			}
			blocks.cols[b][i] = nil
		}
	})
	if err != nil {
		return column.Frame{}, err
	}
	f := column.Frame{Columns: cols, Rows: starts[len(blocks.rows)], Notes: r.notes}
	for _, i := range r.wanted {
		if lost := r.found[i].lost; lost != "" && !r.asked[i] {
			f.Notes = append(f.Notes, fmt.Sprintf("column %q is text: as a number, %s would not be the same", r.header[i], lost))
		}
	}
	f.Plan = []string{fmt.Sprintf("read CSV %s: %d blocks of up to %d KiB on %d goroutines",
		r.source.name, len(blocks.cols), csvtext.BlockBytes>>10, max(1, min(e.Workers, len(blocks.cols))))}
	return f, nil
}

// emptyColumn returns column i of the whole text, nulls marked, and for strings the
// code in it of each code of each worker's dictionary. Which code a string has is
// no part of a table's value: it depends on who came first.
func (r *textReader) emptyColumn(e exec.Run, blocks *blockColumns, i int, starts []int) (c *column.Column, recode map[*column.DictionaryBuilder][]int32, err error) {
	rows := starts[len(blocks.rows)]
	name := r.header[i]
	switch r.kinds[i] {
	case column.Int:
		c = column.OfInts(name, large.Zeroed[int64](rows), nil)
	case column.Float:
		c = column.OfFloats(name, large.Zeroed[float64](rows), nil)
	case column.Bool:
		c = column.OfBools(name, large.Zeroed[bool](rows), nil)
	default: // strings, or nulls alone
		all := column.NewDictionaryBuilder()
		recode = make(map[*column.DictionaryBuilder][]int32)
		for _, b := range blocks.cols {
			if d := b[i].Dict; d != nil && recode[d] == nil {
				recode[d] = all.Absorb(e, d.Build())
			}
		}
		if err := e.Cancelled(); err != nil {
			return nil, nil, err
		}
		if all.Full {
			return nil, nil, column.ErrDictionaryFull(name)
		}
		c = column.OfCodes(name, large.Zeroed[int32](rows), all.Build(), nil)
		c.Exact = len(r.source.form.Nulls) == 0
	}
	blocks.markNulls(c, i, starts)
	return c, recode, nil
}

func (b *blockColumns) markNulls(c *column.Column, i int, starts []int) {
	for number, cols := range b.cols {
		for _, row := range cols[i].Nulls {
			if c.Valid == nil {
				c.Valid = column.FullBitmap(c.N)
			}
			column.ClearBit(c.Valid, starts[number]+row)
		}
	}
}

// diverse reports whether some block has the strings of column i as they are.
func (b *blockColumns) diverse(i int) bool {
	return slices.ContainsFunc(b.cols, func(cols []*Values) bool { return cols[i].diverse })
}

// textPlaces is where in a column's text the strings of each block begin, or of each dictionary.
type textPlaces struct {
	blocks []int
	dicts  map[*column.DictionaryBuilder]int
}

// plainColumn returns column i of the whole text without a dictionary: its strings are still to be
// put in their places.
func (r *textReader) plainColumn(blocks *blockColumns, i int, starts []int) (*column.Column, textPlaces, error) {
	at := textPlaces{make([]int, len(blocks.cols)), make(map[*column.DictionaryBuilder]int)}
	size := 0
	for b, cols := range blocks.cols {
		part := cols[i]
		if part.diverse {
			at.blocks[b] = size
			size += len(part.text)
		} else if _, ok := at.dicts[part.Dict]; !ok && part.Dict != nil {
			at.dicts[part.Dict] = size
			size += len(part.Dict.Data)
		}
	}
	if size > column.Farthest {
		return nil, at, column.ErrDictionaryFull(r.header[i])
	}
	c := column.OfViews(r.header[i], large.Zeroed[uint64](starts[len(blocks.rows)]), &column.PlainText{Text: large.Unzeroed[byte](size)}, nil)
	for d, place := range at.dicts {
		copy(c.Plain.Text[place:], d.Data)
	}
	blocks.markNulls(c, i, starts)
	return c, at, nil
}

// place puts a block's strings into a column without a dictionary.
func (p *Values) place(views []uint64, text []byte, at textPlaces, block int) {
	if p.diverse {
		base := at.blocks[block]
		copy(text[base:], p.text)
		for i, v := range p.views {
			views[i] = v + uint64(base)<<column.ViewSize
		}
		return
	}
	base, d := at.dicts[p.Dict], p.Dict.Build()
	for i, code := range p.Codes {
		if int(code) < d.Len() {
			from, to := int(d.Offsets[code]), int(d.Offsets[code+1])
			views[i] = column.ViewOf(base+from, to-from)
		}
	}
}

// values returns a block's column but for which values are null.
func (p *Values) values() *column.Column {
	return &column.Column{Kind: p.Kind, N: p.N, Ints: p.Ints, Floats: p.Floats, Bools: p.Bools, Codes: p.Codes}
}
