package parquet

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
	"locuslab/locuskit/table/internal/parquetpage"
)

// decoded is a column of a table whose row groups are decoded in place, several
// at a time.
type decoded struct {
	kind   column.Kind
	n      int
	ints   []int64
	floats []float64
	codes  []int32 // of each chunk's own dictionary

	mu     sync.Mutex
	views  []uint64
	text   *column.PlainText
	chunks []parquetTexts
	lo, hi int64
	valid  []parquetValidity
}

// parquetTexts is what a chunk has of the strings of rows from to to.
type parquetTexts struct {
	from, to int
	texts    []uint64 // its dictionary
	seen     []bool   // which of it rows have
	coded    bool     // rows have codes of it; else views
}

// parquetValidity is the validity of rows start to end, bit 0 being row start.
type parquetValidity struct {
	start, end int
	bits       []byte
}

// newDecoded returns a column of n rows, whose texts, if it is one of strings, need at most so many bytes. It uses the memory of
// another one, of which nothing is needed any more, or nil. What is there before is written over: a column of which some row
// has no value is an error.
func newDecoded(kind column.Kind, n, bytes int, other *decoded) *decoded {
	c := &decoded{kind: kind, n: n, lo: math.MaxInt64, hi: math.MinInt64}
	if other == nil {
		other = &decoded{text: &column.PlainText{}}
	}
	switch kind {
	case column.Int:
		c.ints = again(other.ints, n)
	case column.Float:
		c.floats = again(other.floats, n)
	case column.String:
		c.codes, c.text = again(other.codes, n), &column.PlainText{Text: other.text.Text}
		if cap(c.text.Text) < bytes {
			c.text.Text = large.Room[byte](bytes)
		}
		c.text.Text = c.text.Text[:bytes]
	}
	return c
}

// decoder decodes a chunk into rows [from, to); its texts go after place at of the column's.
func (c *decoded) decoder(from, to, at, bytes int, physical parquet.Type, nullable bool) *parquetpage.Decoder {
	rows := parquetpage.Rows{}
	switch c.kind {
	case column.Int:
		rows.Ints = c.ints[from:to]
	case column.Float:
		rows.Floats = c.floats[from:to]
	case column.String:
		rows.Codes = c.codes[from:to]
		rows.Texts = parquetpage.Texts{
			Room: c.text.Text[at : at+bytes],
			View: func(place, size int) uint64 { return column.ViewOf(at+place, size) },
			Views: func() []uint64 {
				c.mu.Lock()
				defer c.mu.Unlock()
				if c.views == nil {
					c.views = large.Zeroed[uint64](c.n)
				}
				return c.views[from:to]
			},
		}
	}
	return parquetpage.New(rows, physical, nullable)
}

// settle takes over what a decoder learnt about rows [from, to).
func (c *decoded) settle(d *parquetpage.Decoder, from, to int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kind == column.String {
		texts, seen, coded := d.Dictionary()
		c.chunks = append(c.chunks, parquetTexts{from, to, texts, seen, coded})
		_, odd := d.Text()
		c.text.Odd = c.text.Odd || odd
	}
	lo, hi := d.Range()
	c.lo, c.hi = min(c.lo, lo), max(c.hi, hi)
	if valid := d.Valid(); valid != nil {
		c.valid = append(c.valid, parquetValidity{from, to, valid})
	}
}

// column returns the whole.
func (c *decoded) column(e exec.Run, name string) (*column.Column, error) {
	out := &column.Column{Name: name, Kind: c.kind, N: c.n, Ints: c.ints, Floats: c.floats}
	switch c.kind {
	case column.Int:
		out.Stats = column.KnownRange(c.lo, c.hi)
	case column.String:
		if err := c.strings(e, out); err != nil {
			return nil, err
		}
	}
	if len(c.valid) == 0 {
		return out, out.CheckText(e)
	}
	out.Valid = column.FullBitmap(c.n)
	for _, v := range c.valid {
		if v.start&7 == 0 && (v.end&7 == 0 || v.end == c.n) {
			copy(out.Valid[v.start>>3:], v.bits)
			continue
		}
		for row := v.start; row < v.end; row++ {
			if column.Presence(v.bits, row-v.start) == 0 {
				column.ClearBit(out.Valid, row)
			}
		}
	}
	return out, out.CheckText(e)
}

// strings puts the chunks' strings together: by one dictionary if all chunks have theirs and
// they are small beside the rows, else without.
func (c *decoded) strings(e exec.Run, out *column.Column) error {
	words := 0
	for _, chunk := range c.chunks {
		words += len(chunk.texts)
	}
	if c.views == nil && (words <= c.n/column.DiverseShare || words <= column.DiverseFrom) {
		return c.oneDictionary(e, out)
	}
	if c.views == nil {
		c.views = large.Zeroed[uint64](c.n)
	}
	out.Views, out.Plain = c.views, c.text
	return e.Tasks(len(c.chunks), func(k int) {
		chunk := c.chunks[k]
		if !chunk.coded || len(chunk.texts) == 0 {
			return
		}
		views := c.views[chunk.from:chunk.to]
		for i, code := range c.codes[chunk.from:chunk.to] {
			views[i] = chunk.texts[code]
		}
	})
}

// oneDictionary makes one of the chunks' dictionaries.
func (c *decoded) oneDictionary(e exec.Run, out *column.Column) error {
	all := column.NewDictionaryBuilder()
	all.Run = e
	recode := make([][]int32, len(c.chunks))
	var used []bool
	for k, chunk := range c.chunks {
		recode[k] = make([]int32, len(chunk.texts))
		for i, view := range chunk.texts {
			if i%column.SortRun == 0 && e.Cancelled() != nil {
				return e.Cancelled()
			}
			code := all.AddBytes(c.text.Bytes(view))
			recode[k][i] = code
			for int(code) >= len(used) {
				used = append(used, false)
			}
			used[code] = used[code] || chunk.seen[i]
		}
	}
	if all.Full {
		return column.ErrDictionaryFull(out.Name)
	}
	out.Codes, out.Dict, out.Exact = c.codes, all.Build(), !slices.Contains(used, false)
	return e.Tasks(len(c.chunks), func(k int) {
		if to := recode[k]; len(to) > 0 {
			codes := c.codes[c.chunks[k].from:c.chunks[k].to]
			for i, code := range codes {
				codes[i] = to[code]
			}
		}
	})
}

// inPlace returns the kind of wanted column i, where its pages can be decoded here: flat,
// of a common type and encoding; else 0. Other columns, which are rare, go through Arrow. It looks at all row groups.
func (f *File) inPlace(i int) column.Kind {
	schema := f.In.MetaData().Schema.Column(f.leaf[i])
	if schema.MaxRepetitionLevel() > 0 || schema.MaxDefinitionLevel() > 1 {
		return 0
	}
	room := 0
	for g := range f.In.NumRowGroups() {
		if room += f.room(i, g); room > column.Farthest || !f.commonEncoding(i, g) {
			return 0
		}
	}
	kind := map[arrow.Type]column.Kind{arrow.INT64: column.Int, arrow.INT32: column.Int, arrow.INT16: column.Int, arrow.INT8: column.Int,
		arrow.FLOAT64: column.Float, arrow.FLOAT32: column.Float, arrow.STRING: column.String, arrow.LARGE_STRING: column.String, arrow.BINARY: column.String}[f.types[i].ID()]
	physical := map[parquet.Type]column.Kind{parquet.Types.Int64: column.Int, parquet.Types.Int32: column.Int, parquet.Types.Double: column.Float,
		parquet.Types.Float: column.Float, parquet.Types.ByteArray: column.String}[schema.PhysicalType()]
	if physical != kind {
		return 0
	}
	return kind
}

// commonEncoding reports whether a column chunk is encoded in a way that is decoded
// here, and whether what the metadata says of its size is plausible: rows are
// allocated before they are read.
func (f *File) commonEncoding(i, g int) bool {
	group := f.In.MetaData().RowGroup(g)
	chunk, err := group.ColumnChunk(f.leaf[i])
	if err != nil || chunk.CryptoMetadata() != nil || chunk.NumValues() != group.NumRows() {
		return false
	}
	for _, e := range chunk.Encodings() {
		switch e {
		case parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLE, parquet.Encodings.RLEDict, parquet.Encodings.BitPacked:
		default:
			return false
		}
	}
	size, text := chunk.TotalCompressedSize(), chunk.TotalUncompressedSize()
	return size >= 0 && size <= f.size && group.NumRows() >= 0 && group.NumRows() <= max(1<<20, 64*size) && text >= 0 && text <= max(1<<20, 64*size)
}

// room returns how many bytes the texts of row group g of wanted column i need at most.
func (f *File) room(i, g int) int {
	chunk, err := f.In.MetaData().RowGroup(g).ColumnChunk(f.leaf[i])
	if err != nil {
		return parquetpage.Slack
	}
	return int(chunk.TotalUncompressedSize()) + parquetpage.Slack
}

// decode reads row group g of wanted column i into rows from and on of c, texts into its room
// from place at on.
func (f *File) decode(e exec.Run, c *decoded, i, g, from, at int) (err error) {
	defer recoverDamage(&err, f.chunk(i, g), "; "+column.LeaveOut(f.names[i]))
	schema := f.In.MetaData().Schema.Column(f.leaf[i])
	to := from + int(f.In.MetaData().RowGroup(g).NumRows())
	d := c.decoder(from, to, at, f.room(i, g), schema.PhysicalType(), schema.MaxDefinitionLevel() > 0)
	pages, err := f.In.RowGroup(g).GetColumnPageReader(f.leaf[i])
	if err != nil {
		return fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	defer pages.Close()
	for e.Cancelled() == nil && pages.Next() {
		if err := d.Page(pages.Page()); err != nil {
			return fmt.Errorf("column %q, row group %d: the file is damaged: %w", f.names[i], g+1, err)
		}
	}
	if err := e.Cancelled(); err != nil {
		return err
	}
	if err := pages.Err(); err != nil {
		return fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	if !d.Done() {
		return fmt.Errorf("column %q, row group %d: the file is damaged: %w", f.names[i], g+1, errors.New("there are fewer values than rows"))
	}
	if lo, hi := d.Range(); lo <= hi {
		if bits := f.types[i].(arrow.FixedWidthDataType).BitWidth(); lo>>(bits-1) < -1 || hi>>(bits-1) > 0 {
			return fmt.Errorf("column %q, row group %d: a value between %d and %d is none of its type %s: the file contradicts itself; %s", f.names[i], g+1, lo, hi, f.types[i], column.LeaveOut(f.names[i]))
		}
	}
	c.settle(d, from, to)
	return nil
}
