package locuskit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// pageDecoder decodes the pages of one column chunk straight into the memory of a
// table: numbers, and strings as codes.
type pageDecoder struct {
	into     *parquetColumn
	physical parquet.Type
	nullable bool
	at, end  int // rows of the table that are still to come

	ints   []int64 // the chunk's dictionary
	floats []float64
	codes  []int32 // of the table, for each string of the chunk's dictionary
	seen   []bool  // which of them occur

	lo, hi int64 // bounds of integers met
	valid  []byte
	start  int // row of the table that bit 0 of valid is for
	batch  [4096]int32
}

// page decodes a page.
func (d *pageDecoder) page(p file.Page) error {
	n := int(p.NumValues())
	encoding := parquet.Encoding(p.Encoding())
	data := p.Data()
	if p, ok := p.(*file.DictionaryPage); ok {
		if encoding != parquet.Encodings.Plain && encoding != parquet.Encodings.PlainDict {
			return fmt.Errorf("a dictionary is encoded as %v", encoding)
		}
		return d.dictionary(p.Data(), n)
	}
	if n > d.end-d.at {
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
func (d *pageDecoder) levels(data []byte, n int) (present int, err error) {
	h := hybrid{data: data, width: 1}
	if h.constant(n, 1) && d.valid == nil {
		return n, nil
	}
	if d.valid == nil {
		d.valid = fullBitmap(d.end - d.start)
	}
	for row := d.at - d.start; n > 0; {
		batch := d.batch[:min(n, len(d.batch))]
		if err := h.next(batch); err != nil {
			return 0, err
		}
		for _, level := range batch {
			if level == 0 {
				clearBit(d.valid, row)
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
func (d *pageDecoder) spread(n, present int) {
	row := d.at - d.start
	switch d.into.kind {
	case Int:
		spread(d.into.ints[d.at:d.at+n], present, d.valid, row)
		d.lo, d.hi = min(d.lo, 0), max(d.hi, 0) // what stands at nulls
	case Float:
		spread(d.into.floats[d.at:d.at+n], present, d.valid, row)
	case String:
		spread(d.into.codes[d.at:d.at+n], present, d.valid, row)
	}
}

func spread[T any](v []T, present int, valid []byte, row int) {
	var zero T
	for i := len(v) - 1; i >= 0; i-- {
		if presence(valid, row+i) != 0 {
			present--
			v[i] = v[present]
		} else {
			v[i] = zero
		}
	}
}

// dictionary reads the chunk's dictionary of n values.
func (d *pageDecoder) dictionary(data []byte, n int) error {
	switch d.into.kind {
	case Int:
		d.ints = make([]int64, n)
		return d.plainInts(d.ints, data)
	case Float:
		d.floats = make([]float64, n)
		return d.plainFloats(d.floats, data)
	}
	d.codes, d.seen = make([]int32, n), make([]bool, n)
	return d.plainStrings(d.codes, data)
}

// values reads n values that are not null.
func (d *pageDecoder) values(encoding parquet.Encoding, data []byte, n int) error {
	c := d.into
	switch encoding {
	case parquet.Encodings.Plain:
		switch c.kind {
		case Int:
			return d.plainInts(c.ints[d.at:d.at+n], data)
		case Float:
			return d.plainFloats(c.floats[d.at:d.at+n], data)
		}
		codes := c.codes[d.at : d.at+n]
		if err := d.plainStrings(codes, data); err != nil {
			return err
		}
		c.occur(codes)
		return nil
	case parquet.Encodings.RLEDict, parquet.Encodings.PlainDict:
		if n == 0 {
			return nil
		}
		if len(data) == 0 || data[0] > 32 {
			return errPageShort
		}
		h := &hybrid{data: data[1:], width: uint(data[0])}
		switch c.kind {
		case Int:
			return indexed(h, d.batch[:], c.ints[d.at:d.at+n], d.ints, nil)
		case Float:
			return indexed(h, d.batch[:], c.floats[d.at:d.at+n], d.floats, nil)
		}
		return indexed(h, d.batch[:], c.codes[d.at:d.at+n], d.codes, d.seen)
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

func (d *pageDecoder) plainInts(dst []int64, data []byte) error {
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

func (d *pageDecoder) plainFloats(dst []float64, data []byte) error {
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

func (d *pageDecoder) plainStrings(codes []int32, data []byte) error {
	d.into.mu.Lock()
	defer d.into.mu.Unlock()
	for i := range codes {
		if len(data) < 4 {
			return errPageShort
		}
		size := int(binary.LittleEndian.Uint32(data))
		if size > len(data)-4 {
			return errPageShort
		}
		codes[i] = d.into.dict.addBytes(data[4 : 4+size])
		data = data[4+size:]
	}
	return nil
}
