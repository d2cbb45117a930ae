package locuskit

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// Schema is the table's schema in Arrow's terms; strings are dictionaries of
// 4-byte codes.
func (t Table) Schema() *arrow.Schema {
	fields := make([]arrow.Field, len(t.cols))
	for i, c := range t.cols {
		fields[i] = arrow.Field{Name: c.name, Type: c.arrowType(), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

func (c *column) arrowType() arrow.DataType {
	switch c.kind {
	case Int:
		return arrow.PrimitiveTypes.Int64
	case Float:
		return arrow.PrimitiveTypes.Float64
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	}
	return dictionaryType
}

// Record is the table as an Arrow record batch that shares its memory (bools
// are packed into bits). It is on Go's heap: Release is allowed and frees
// nothing.
func (t Table) Record() (arrow.RecordBatch, error) {
	if t.err != nil {
		return nil, t.err
	}
	cols := make([]arrow.Array, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c.arrow()
	}
	return array.NewRecordBatch(t.Schema(), cols, int64(t.rows)), nil
}

func (c *column) arrow() arrow.Array {
	var values *memory.Buffer
	switch c.kind {
	case Int:
		values = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.ints))
	case Float:
		values = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.floats))
	case Bool:
		packed := newBitmap(c.n)
		for i, v := range c.bools {
			if v {
				setBit(packed, i)
			}
		}
		values = memory.NewBufferBytes(packed)
	case String:
		values = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.codes))
	}
	buffers := []*memory.Buffer{nil, values}
	if c.valid != nil {
		buffers[0] = memory.NewBufferBytes(c.valid)
	}
	if c.kind != String {
		return array.MakeFromData(array.NewData(c.arrowType(), c.n, buffers, nil, c.nulls(), 0))
	}
	return array.NewDictionaryData(array.NewDataWithDictionary(dictionaryType, c.n, buffers, c.nulls(), 0, c.dict.arrow()))
}

func (d *dictionary) arrow() *array.Data {
	return array.NewData(arrow.BinaryTypes.String, d.len(), []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.offsets)), memory.NewBufferBytes(d.data),
	}, nil, 0, 0)
}

// FromRecord makes a table of an Arrow record batch. Integers of all widths
// become Int, floats and decimals Float, strings, binary text, dates and times
// String (times as Arrow writes them); nested columns are refused. 8-byte
// numbers without an offset share the batch's memory, which must not be
// released while the table is in use.
func FromRecord(batch arrow.RecordBatch) (Table, error) {
	cols := make([]*column, batch.NumCols())
	for i := range cols {
		c, err := fromArrow(batch.ColumnName(i), batch.Column(i))
		if err != nil {
			return Table{}, fmt.Errorf("table from Arrow: %w", err)
		}
		cols[i] = c
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("table from Arrow: %w", err)
	}
	t.rows = int(batch.NumRows())
	return t, nil
}

func fromArrow(name string, a arrow.Array) (*column, error) {
	valid := arrowValidity(a)
	switch a := a.(type) {
	case *array.Int64:
		return intColumn(name, a.Int64Values(), valid), nil
	case *array.Float64:
		return floatColumn(name, a.Float64Values(), valid), nil
	case *array.Int32:
		return intColumn(name, widen(a.Int32Values()), valid), nil
	case *array.Int16:
		return intColumn(name, widen(a.Int16Values()), valid), nil
	case *array.Int8:
		return intColumn(name, widen(a.Int8Values()), valid), nil
	case *array.Uint32:
		return intColumn(name, widen(a.Uint32Values()), valid), nil
	case *array.Uint16:
		return intColumn(name, widen(a.Uint16Values()), valid), nil
	case *array.Uint8:
		return intColumn(name, widen(a.Uint8Values()), valid), nil
	case *array.Uint64:
		out := make([]int64, a.Len())
		for i, v := range a.Uint64Values() {
			if v > 1<<63-1 && !a.IsNull(i) {
				return nil, fmt.Errorf("column %q, row %d: %d is beyond int64", name, i+1, v)
			}
			out[i] = int64(v)
		}
		return intColumn(name, out, valid), nil
	case *array.Float32:
		out := make([]float64, a.Len())
		for i, v := range a.Float32Values() {
			out[i] = float64(v)
		}
		return floatColumn(name, out, valid), nil
	case *array.Boolean:
		out := make([]bool, a.Len())
		for i := range out {
			out[i] = a.Value(i)
		}
		return boolColumn(name, out, valid), nil
	case *array.Dictionary:
		return fromArrowDictionary(name, a, valid)
	}
	return fromArrowText(name, a, valid)
}

func widen[T int8 | int16 | int32 | uint8 | uint16 | uint32](v []T) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}

// arrowValidity is the validity bitmap of a, from bit 0; nil without nulls.
func arrowValidity(a arrow.Array) []byte {
	if a.NullN() == 0 {
		return nil
	}
	valid := newBitmap(a.Len())
	for i := range a.Len() {
		if a.IsValid(i) {
			setBit(valid, i)
		}
	}
	return valid
}

// fromArrowText encodes what has a text: strings, decimals, dates, times.
func fromArrowText(name string, a arrow.Array, valid []byte) (*column, error) {
	var text func(i int) string
	switch a := a.(type) {
	case *array.String:
		text = a.Value
	case *array.LargeString:
		text = a.Value
	case *array.StringView:
		text = a.Value
	case *array.Binary:
		text = func(i int) string { return string(a.Value(i)) }
	case *array.Decimal128, *array.Decimal256, *array.Decimal32, *array.Decimal64, *array.Float16:
		out := make([]float64, a.Len())
		for i := range out {
			if v, ok := parseFloat([]byte(a.ValueStr(i))); ok && !a.IsNull(i) {
				out[i] = v
			}
		}
		return floatColumn(name, out, valid), nil
	case *array.Timestamp, *array.Date32, *array.Date64, *array.Time32, *array.Time64, *array.Duration:
		text = a.ValueStr
	case *array.Null:
		text = func(int) string { return "" }
	default:
		return nil, fmt.Errorf("column %q is of Arrow type %s: leave it out or convert it where the data comes from", name, a.DataType())
	}
	b := newDictionaryBuilder()
	codes := make([]int32, a.Len())
	for i := range codes {
		if !a.IsNull(i) {
			codes[i] = b.add(text(i))
		}
	}
	if b.full {
		return nil, errDictionaryFull(name)
	}
	c := stringColumn(name, codes, b.build(), valid)
	c.exact = true
	return c, nil
}

// fromArrowDictionary takes over codes; the dictionary's values are made
// distinct, which Arrow does not promise.
func fromArrowDictionary(name string, a *array.Dictionary, valid []byte) (*column, error) {
	values, err := fromArrow(name, a.Dictionary())
	if err != nil {
		return nil, err
	}
	if values.kind != String {
		return takeOrNull(execution{}, values, dictionaryRows(a), a.NullN() > 0)
	}
	if at, ok := a.Indices().(*array.Int32); ok && values.valid == nil {
		return stringColumn(name, recode(at.Int32Values(), values, valid), values.dict, valid), nil
	}
	codes := make([]int32, a.Len())
	for i := range codes {
		if a.IsNull(i) {
			continue
		}
		at := a.GetValueIndex(i)
		if !values.null(at) {
			codes[i] = values.codes[at]
			continue
		}
		if valid == nil { // a null may stand in the dictionary
			valid = fullBitmap(a.Len())
		}
		clearBit(valid, i)
	}
	return stringColumn(name, codes, values.dict, valid), nil
}

// recode gives the codes of places in a dictionary; 0 at nulls, where Arrow
// leaves the place undefined.
func recode(at []int32, values *column, valid []byte) []int32 {
	codes := make([]int32, len(at))
	if valid == nil {
		for i, p := range at {
			codes[i] = values.codes[p]
		}
		return codes
	}
	for i, p := range at {
		if valid[i>>3]&(1<<(i&7)) != 0 {
			codes[i] = values.codes[p]
		}
	}
	return codes
}

func dictionaryRows(a *array.Dictionary) []uint32 {
	rows := make([]uint32, a.Len())
	for i := range rows {
		rows[i] = missing
		if !a.IsNull(i) {
			rows[i] = uint32(a.GetValueIndex(i))
		}
	}
	return rows
}
