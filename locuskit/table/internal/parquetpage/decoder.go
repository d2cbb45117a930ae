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
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// Rows is where the values of a chunk go: one of the slices, as long as the chunk has rows.
type Rows struct {
	Ints   []int64
	Floats []float64
	Codes  []int32 // of texts, as long as all pages refer to the chunk's dictionary
	Texts  Texts   // of Codes
}

func (r Rows) len() int { return max(len(r.Ints), len(r.Floats), len(r.Codes)) }

// Texts is where the texts of a chunk go.
type Texts struct {
	Room  []byte                    // as much as the chunk's texts need, and Slack bytes
	View  func(at, size int) uint64 // names the text that is at a place of Room
	Views func() []uint64           // for the chunk's rows: called when texts are not all in its dictionary
}

// Longest is how many bytes a text has at most, so that a view can name it.
const Longest = 1<<28 - 1

// ErrUnforeseen is of a chunk whose pages are not as the file's metadata says, or of a form that is not
// decoded here: other programs write some, and a reader that knows more may read it.
var ErrUnforeseen = errors.New("its pages are not as its metadata says")

// Slack is how many bytes of room follow the last text, which may be written to.
const Slack = 16

// Decoder decodes the pages of a chunk, one after another.
type Decoder struct {
	rows     Rows
	physical parquet.Type
	nullable bool
	at       int // rows done

	ints   []int64 // the chunk's dictionary
	floats []float64
	dict   []uint64 // the texts of the chunk's dictionary
	seen   []bool   // which of them occur
	views  []uint64 // of the rows; nil as long as codes do
	used   int      // bytes of room
	odd    bool     // some text is not UTF-8, or starts within a character

	lo, hi int64 // bounds of integers met
	valid  []byte
	batch  [4096]int32
}

// New decodes into rows a chunk of a flat column.
func New(rows Rows, physical parquet.Type, nullable bool) *Decoder {
	return &Decoder{rows: rows, physical: physical, nullable: nullable, lo: math.MaxInt64, hi: math.MinInt64}
}

// Done reports whether all rows have their values.
func (d *Decoder) Done() bool { return d.at == d.rows.len() }

// Valid returns the validity bitmap of the rows; nil where all are valid.
func (d *Decoder) Valid() []byte { return d.valid }

// Range is bounds of the integers, what stands at nulls included; lo > hi where there are none.
func (d *Decoder) Range() (lo, hi int64) { return d.lo, d.hi }

// Dictionary returns the texts of the chunk's dictionary, which of them rows have, and whether the
// rows have codes of it; else they have views.
func (d *Decoder) Dictionary() (texts []uint64, seen []bool, coded bool) {
	return d.dict, d.seen, d.views == nil
}

// Text returns how much of the room is used, and whether it may hold what is not UTF-8.
func (d *Decoder) Text() (used int, odd bool) { return d.used, d.odd }

// Page decodes a page.
func (d *Decoder) Page(p file.Page) error {
	n := int(p.NumValues())
	encoding := parquet.Encoding(p.Encoding())
	data := p.Data()
	if p, ok := p.(*file.DictionaryPage); ok {
		if encoding != parquet.Encodings.Plain && encoding != parquet.Encodings.PlainDict {
			return fmt.Errorf("a dictionary is encoded as %v: %w", encoding, ErrUnforeseen)
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
				return fmt.Errorf("nulls are encoded as %v: %w", p.DefinitionLevelEncoding(), ErrUnforeseen)
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
	case d.views != nil:
		spread(d.views[d.at:d.at+n], present, d.valid, d.at)
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
	if n < 0 || n > len(data)/4 {
		return errPageShort
	}
	d.dict, d.seen = make([]uint64, n), make([]bool, n)
	return d.plainStrings(d.dict, data)
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
		d.spellOut()
		return d.plainStrings(d.views[d.at:d.at+n], data)
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
		if d.views != nil {
			return indexed(h, d.batch[:], d.views[d.at:d.at+n], d.dict, d.seen)
		}
		return d.places(h, r.Codes[d.at:d.at+n])
	}
	return fmt.Errorf("values are encoded as %v, which the file's metadata does not list: %w", encoding, ErrUnforeseen)
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

// places reads places in the chunk's dictionary, which are the rows' codes.
func (d *Decoder) places(h *hybrid, dst []int32) error {
	if err := h.next(dst); err != nil {
		return err
	}
	var most uint32
	for _, p := range dst {
		most = max(most, uint32(p))
	}
	if int(most) >= len(d.dict) {
		return fmt.Errorf("value %d of a dictionary of %d is used", most, len(d.dict))
	}
	for _, p := range dst {
		d.seen[p] = true
	}
	return nil
}

// spellOut turns to views, since a page has texts of its own.
func (d *Decoder) spellOut() {
	if d.views != nil {
		return
	}
	d.views = d.rows.Texts.Views()
	for i, code := range d.rows.Codes[:d.at] {
		if int(code) < len(d.dict) { // not so where all are null
			d.views[i] = d.dict[code]
		}
	}
}

// plainStrings reads texts into the room.
func (d *Decoder) plainStrings(views []uint64, data []byte) error {
	room, at := d.rows.Texts.Room, d.used
	view := d.rows.Texts.View
	for i := range views {
		if len(data) < 4 {
			return errPageShort
		}
		size := int(binary.LittleEndian.Uint32(data))
		if size > len(data)-4 {
			return errPageShort
		}
		if size > len(room)-at-Slack {
			return fmt.Errorf("there is more text than the metadata says: %w", ErrUnforeseen)
		}
		if size > Longest {
			return fmt.Errorf("a text of %d bytes is longer than the %d that a column holds", size, Longest)
		}
		if size <= 16 && len(data) >= 4+16 {
			*(*[16]byte)(room[at:]) = *(*[16]byte)(data[4:])
		} else {
			copy(room[at:], data[4:4+size])
		}
		if size > 0 && data[4]&0xc0 == 0x80 {
			d.odd = true
		}
		views[i] = view(at, size)
		at += size
		data = data[4+size:]
	}
	d.odd = d.odd || !utf8.Valid(room[d.used:at])
	d.used = at
	return nil
}
