package locuskit

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"

	"locuslab/locuskit/internal/parquetpage"
)

// parquetColumn is a column of a table whose row groups are decoded in place, several
// at a time.
type parquetColumn struct {
	kind   Kind
	n      int
	ints   []int64
	floats []float64
	codes  []int32

	mu     sync.Mutex
	dict   *dictionaryBuilder
	used   []bool // codes that occur
	lo, hi int64
	valid  []parquetValidity
}

// parquetValidity is the validity of rows start to end, bit 0 being row start.
type parquetValidity struct {
	start, end int
	bits       []byte
}

func newParquetColumn(e execution, kind Kind, n int) *parquetColumn {
	c := &parquetColumn{kind: kind, n: n, lo: math.MaxInt64, hi: math.MinInt64}
	switch kind {
	case Int:
		c.ints = make([]int64, n)
	case Float:
		c.floats = make([]float64, n)
	case String:
		c.codes, c.dict = make([]int32, n), newDictionaryBuilder()
		c.dict.run = e
	}
	return c
}

// Encode gives texts codes in the whole column's dictionary.
func (c *parquetColumn) Encode(codes []int32, texts [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dict.ended = c.dict.ended || c.dict.run.cancelled() != nil; c.dict.ended {
		return // the caller learns of it between pages
	}
	for i, text := range texts {
		codes[i] = c.dict.addBytes(text)
	}
}

// Occur marks codes as used.
func (c *parquetColumn) Occur(codes []int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dict.ended {
		return
	}
	c.grow()
	for _, code := range codes {
		c.used[code] = true
	}
}

func (c *parquetColumn) grow() {
	if missing := c.dict.len() - len(c.used); missing > 0 {
		c.used = append(c.used, make([]bool, missing)...)
	}
}

// decoder decodes a chunk into rows [from, to).
func (c *parquetColumn) decoder(from, to int, physical parquet.Type, nullable bool) *parquetpage.Decoder {
	rows := parquetpage.Rows{Texts: c}
	switch c.kind {
	case Int:
		rows.Ints = c.ints[from:to]
	case Float:
		rows.Floats = c.floats[from:to]
	case String:
		rows.Codes = c.codes[from:to]
	}
	return parquetpage.New(rows, physical, nullable)
}

// settle takes over what a decoder learnt about rows [from, to).
func (c *parquetColumn) settle(d *parquetpage.Decoder, from, to int) {
	d.Occurred()
	c.mu.Lock()
	defer c.mu.Unlock()
	lo, hi := d.Range()
	c.lo, c.hi = min(c.lo, lo), max(c.hi, hi)
	if valid := d.Valid(); valid != nil {
		c.valid = append(c.valid, parquetValidity{from, to, valid})
	}
}

// column is the whole.
func (c *parquetColumn) column(e execution, name string) (*column, error) {
	out := &column{name: name, kind: c.kind, n: c.n, ints: c.ints, floats: c.floats, codes: c.codes}
	switch c.kind {
	case Int:
		out.stats = knownRange(c.lo, c.hi)
	case String:
		if c.dict.full {
			return nil, errDictionaryFull(name)
		}
		c.grow()
		out.dict = c.dict.build()
		out.exact = !slices.Contains(c.used, false)
	}
	if len(c.valid) == 0 {
		return out, out.checkText(e)
	}
	out.valid = fullBitmap(c.n)
	for _, v := range c.valid {
		if v.start&7 == 0 && (v.end&7 == 0 || v.end == c.n) {
			copy(out.valid[v.start>>3:], v.bits)
			continue
		}
		for row := v.start; row < v.end; row++ {
			if presence(v.bits, row-v.start) == 0 {
				clearBit(out.valid, row)
			}
		}
	}
	return out, out.checkText(e)
}

// inPlace is the kind of wanted column i, where its pages can be decoded here: flat,
// of a common type and encoding. Other columns, which are rare, go through Arrow.
func (f *parquetFile) inPlace(i int) (Kind, bool) {
	schema := f.in.MetaData().Schema.Column(f.leaf[i])
	if schema.MaxRepetitionLevel() > 0 || schema.MaxDefinitionLevel() > 1 {
		return 0, false
	}
	for g := range f.in.NumRowGroups() {
		if !f.commonEncoding(i, g) {
			return 0, false
		}
	}
	kind, ok := map[arrow.Type]Kind{arrow.INT64: Int, arrow.INT32: Int, arrow.INT16: Int, arrow.INT8: Int,
		arrow.FLOAT64: Float, arrow.FLOAT32: Float, arrow.STRING: String, arrow.LARGE_STRING: String, arrow.BINARY: String}[f.types[i].ID()]
	physical := map[parquet.Type]Kind{parquet.Types.Int64: Int, parquet.Types.Int32: Int, parquet.Types.Double: Float,
		parquet.Types.Float: Float, parquet.Types.ByteArray: String}[schema.PhysicalType()]
	return kind, ok && physical == kind
}

// commonEncoding tells whether a column chunk is encoded in a way that is decoded
// here, and whether what the metadata says of its size is plausible: rows are
// allocated before they are read.
func (f *parquetFile) commonEncoding(i, g int) bool {
	group := f.in.MetaData().RowGroup(g)
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
	size := chunk.TotalCompressedSize()
	return size >= 0 && size <= f.size && group.NumRows() >= 0 && group.NumRows() <= max(1<<20, 64*size)
}

// decode reads row group g of wanted column i into rows from and on of c.
func (f *parquetFile) decode(e execution, c *parquetColumn, i, g, from int) (err error) {
	defer recoverDamage(&err, fmt.Sprintf("column %q, row group %d", f.names[i], g+1))
	schema := f.in.MetaData().Schema.Column(f.leaf[i])
	to := from + int(f.in.MetaData().RowGroup(g).NumRows())
	d := c.decoder(from, to, schema.PhysicalType(), schema.MaxDefinitionLevel() > 0)
	pages, err := f.in.RowGroup(g).GetColumnPageReader(f.leaf[i])
	if err != nil {
		return fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	defer pages.Close()
	for e.cancelled() == nil && pages.Next() {
		if err := d.Page(pages.Page()); err != nil {
			return fmt.Errorf("column %q, row group %d: the file is damaged: %w", f.names[i], g+1, err)
		}
	}
	if err := e.cancelled(); err != nil {
		return err
	}
	if err := pages.Err(); err != nil {
		return fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	if !d.Done() {
		return fmt.Errorf("column %q, row group %d: the file is damaged: %w", f.names[i], g+1, errors.New("there are fewer values than rows"))
	}
	c.settle(d, from, to)
	return nil
}
