// Package parquetpage decodes the pages of one column chunk of a Parquet file straight into
// the memory of a column: integers, floats, and texts as codes of a dictionary that its caller
// keeps. It knows pages, levels and encodings, those that files of flat columns mostly have; it
// neither reads files nor knows tables. What it cannot decode is an error.
package parquetpage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// Rows is where the values of a chunk go: one of the slices, as long as the chunk has rows.
type Rows struct {
	Ints   []int64
	Floats []float64
	Codes  []int32
	Texts  Texts // of Codes
}

func (r Rows) len() int { return max(len(r.Ints), len(r.Floats), len(r.Codes)) }

// Texts gives texts codes. Decoders of several chunks may call it at once.
type Texts interface {
	// Encode writes the code of each text. The texts are valid during the call.
	Encode(codes []int32, texts [][]byte)
	// Occur is told codes of rows.
	Occur(codes []int32)
}

// Decoder decodes the pages of a chunk, one after another.
type Decoder struct {
	rows     Rows
	physical parquet.Type
	nullable bool
	at       int // rows done

	ints   []int64 // the chunk's dictionary
	floats []float64
	codes  []int32 // for each text of the chunk's dictionary
	seen   []bool  // which of them occur

	lo, hi int64 // bounds of integers met
	valid  []byte
	batch  [4096]int32
	texts  [][]byte
}

// New decodes into rows a chunk of a flat column.
func New(rows Rows, physical parquet.Type, nullable bool) *Decoder {
	return &Decoder{rows: rows, physical: physical, nullable: nullable, lo: math.MaxInt64, hi: math.MinInt64}
}

// Done tells whether all rows have their values.
func (d *Decoder) Done() bool { return d.at == d.rows.len() }

// Valid is the validity bitmap of the rows; nil where all are valid.
func (d *Decoder) Valid() []byte { return d.valid }

// Range is bounds of the integers, what stands at nulls included; lo > hi where there are none.
func (d *Decoder) Range() (lo, hi int64) { return d.lo, d.hi }

// Occurred tells [Texts] which of the chunk's dictionary rows have. It is called once, at the end.
func (d *Decoder) Occurred() {
	var codes []int32
	for i, yes := range d.seen {
		if yes {
			codes = append(codes, d.codes[i])
		}
	}
	if len(codes) > 0 {
		d.rows.Texts.Occur(codes)
	}
}

// Page decodes a page.
func (d *Decoder) Page(p file.Page) error {
	n := int(p.NumValues())
	encoding := parquet.Encoding(p.Encoding())
	data := p.Data()
	if p, ok := p.(*file.DictionaryPage); ok {
		if encoding != parquet.Encodings.Plain && encoding != parquet.Encodings.PlainDict {
			return fmt.Errorf("a dictionary is encoded as %v", encoding)
		}
		return d.dictionary(p.Data(), n)
	}
	if n < 0 || n > d.rows.len()-d.at {
		return errors.New("there are more values than rows")
	}
	present := n
	switch p := p.(type) {
	case *file.DataPageV1:
		if d.nullable {
			if p.DefinitionLevelEncoding() != parquet.Encodings.RLE {
				return fmt.Errorf("nulls are encoded as %v", p.DefinitionLevelEncoding())
			}
			if len(data) < 4 || int(binary.LittleEndian.Uint32(data)) > len(data)-4 {
				return errPageShort
			}
			size := int(binary.LittleEndian.Uint32(data))
			var err error
			if present, err = d.levels(data[4:4+size], n); err != nil {
				return err
			}
			data = data[4+size:]
		}
	case *file.DataPageV2:
		before, size := int(p.RepetitionLevelByteLen()), int(p.DefinitionLevelByteLen())
		if before < 0 || size < 0 || before+size > len(data) {
			return errPageShort
		}
		if d.nullable {
			var err error
			if present, err = d.levels(data[before:before+size], n); err != nil {
				return err
			}
		}
		data = data[before+size:]
	default:
		return fmt.Errorf("a page is a %T", p)
	}
	if err := d.values(encoding, data, present); err != nil {
		return err
	}
	if present < n {
		d.spread(n, present)
	}
	d.at += n
	return nil
}

// levels reads which of n values are present and says how many.
func (d *Decoder) levels(data []byte, n int) (present int, err error) {
	h := hybrid{data: data, width: 1}
	if h.constant(n, 1) && d.valid == nil {
		return n, nil
	}
	if d.valid == nil {
		d.valid = make([]byte, (d.rows.len()+7)/8)
		for i := range d.valid {
			d.valid[i] = 0xff
		}
	}
	for row := d.at; n > 0; {
		batch := d.batch[:min(n, len(d.batch))]
		if err := h.next(batch); err != nil {
			return 0, err
		}
		for _, level := range batch {
			if level == 0 {
				bitutil.ClearBit(d.valid, row)
			} else {
				present++
			}
			row++
		}
		n -= len(batch)
	}
	return present, nil
}

// spread moves present values, which stand together, to the n rows that they are of.
func (d *Decoder) spread(n, present int) {
	switch {
	case d.rows.Ints != nil:
		spread(d.rows.Ints[d.at:d.at+n], present, d.valid, d.at)
		d.lo, d.hi = min(d.lo, 0), max(d.hi, 0) // what stands at nulls
	case d.rows.Floats != nil:
		spread(d.rows.Floats[d.at:d.at+n], present, d.valid, d.at)
	default:
		spread(d.rows.Codes[d.at:d.at+n], present, d.valid, d.at)
	}
}

func spread[T any](v []T, present int, valid []byte, row int) {
	var zero T
	for i := len(v) - 1; i >= 0; i-- {
		if bitutil.BitIsSet(valid, row+i) {
			present--
			v[i] = v[present]
		} else {
			v[i] = zero
		}
	}
}

// dictionary reads the chunk's dictionary of n values.
func (d *Decoder) dictionary(data []byte, n int) error {
	switch {
	case d.rows.Ints != nil:
		d.ints = make([]int64, n)
		return d.plainInts(d.ints, data)
	case d.rows.Floats != nil:
		d.floats = make([]float64, n)
		return d.plainFloats(d.floats, data)
	}
	d.codes, d.seen = make([]int32, n), make([]bool, n)
	return d.plainStrings(d.codes, data)
}

// values reads n values that are not null.
func (d *Decoder) values(encoding parquet.Encoding, data []byte, n int) error {
	r := d.rows
	switch encoding {
	case parquet.Encodings.Plain:
		switch {
		case r.Ints != nil:
			return d.plainInts(r.Ints[d.at:d.at+n], data)
		case r.Floats != nil:
			return d.plainFloats(r.Floats[d.at:d.at+n], data)
		}
		codes := r.Codes[d.at : d.at+n]
		if err := d.plainStrings(codes, data); err != nil {
			return err
		}
		r.Texts.Occur(codes)
		return nil
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		if n == 0 {
			return nil
		}
		if len(data) == 0 || data[0] > 32 {
			return errPageShort
		}
		h := &hybrid{data: data[1:], width: uint(data[0])}
		switch {
		case r.Ints != nil:
			return indexed(h, d.batch[:], r.Ints[d.at:d.at+n], d.ints, nil)
		case r.Floats != nil:
			return indexed(h, d.batch[:], r.Floats[d.at:d.at+n], d.floats, nil)
		}
		return indexed(h, d.batch[:], r.Codes[d.at:d.at+n], d.codes, d.seen)
	}
	return fmt.Errorf("values are encoded as %v, which the file's metadata does not list", encoding)
}

// indexed gives each number that h reads the value at that place of table, and
// marks the place.
func indexed[T any](h *hybrid, batch []int32, dst, table []T, seen []bool) error {
	for len(dst) > 0 {
		places := batch[:min(len(batch), len(dst))]
		if err := h.next(places); err != nil {
			return err
		}
		var most uint32
		for _, p := range places {
			most = max(most, uint32(p))
		}
		if int(most) >= len(table) {
			return fmt.Errorf("value %d of a dictionary of %d is used", most, len(table))
		}
		if seen != nil {
			for i, p := range places {
				seen[p] = true
				dst[i] = table[p]
			}
		} else {
			for i, p := range places {
				dst[i] = table[p]
			}
		}
		dst = dst[len(places):]
	}
	return nil
}

func (d *Decoder) plainInts(dst []int64, data []byte) error {
	if d.physical == parquet.Types.Int32 {
		if len(data) < 4*len(dst) {
			return errPageShort
		}
		for i := range dst {
			dst[i] = int64(int32(binary.LittleEndian.Uint32(data[4*i:])))
		}
	} else {
		if len(data) < 8*len(dst) {
			return errPageShort
		}
		for i := range dst {
			dst[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
		}
	}
	lo, hi := d.lo, d.hi
	for _, v := range dst {
		lo, hi = min(lo, v), max(hi, v)
	}
	d.lo, d.hi = lo, hi
	return nil
}

func (d *Decoder) plainFloats(dst []float64, data []byte) error {
	if d.physical == parquet.Types.Float {
		if len(data) < 4*len(dst) {
			return errPageShort
		}
		for i := range dst {
			dst[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
		}
		return nil
	}
	if len(data) < 8*len(dst) {
		return errPageShort
	}
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return nil
}

func (d *Decoder) plainStrings(codes []int32, data []byte) error {
	const batch = 1024
	for len(codes) > 0 {
		d.texts = d.texts[:0]
		for range min(batch, len(codes)) {
			if len(data) < 4 {
				return errPageShort
			}
			size := int(binary.LittleEndian.Uint32(data))
			if size > len(data)-4 {
				return errPageShort
			}
			d.texts = append(d.texts, data[4:4+size])
			data = data[4+size:]
		}
		d.rows.Texts.Encode(codes[:len(d.texts)], d.texts)
		codes = codes[len(d.texts):]
	}
	return nil
}
