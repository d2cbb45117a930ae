package table

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// Schema is the table's schema in Arrow's terms; strings are dictionaries of
// 4-byte codes. It panics as [Table.Rows] does.
func (t Table) Schema() *arrow.Schema {
	t.must()
	fields := make([]arrow.Field, len(t.cols))
	for i, c := range t.cols {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowType(c), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

func arrowType(c *column.Column) arrow.DataType {
	switch c.Kind {
	case column.Int:
		if c.Instants {
			return arrow.FixedWidthTypes.Timestamp_us // of UTC
		}
		return arrow.PrimitiveTypes.Int64
	case column.Float:
		return arrow.PrimitiveTypes.Float64
	case column.Bool:
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
		a, err := toArrow(t.run, c)
		if err != nil {
			return nil, fmt.Errorf("table to Arrow: %w", err)
		}
		cols[i] = a
	}
	return array.NewRecordBatch(t.Schema(), cols, int64(t.rows)), nil
}

func toArrow(e exec.Run, c *column.Column) (arrow.Array, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	var values *memory.Buffer
	switch c.Kind {
	case column.Int:
		values = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.Ints))
	case column.Float:
		values = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.Floats))
	case column.Bool:
		packed := column.NewBitmap(c.N)
		err := e.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
			for i, v := range c.Bools[from:to] {
				if v {
					column.SetBit(packed, from+i)
				}
			}
		})
		if err != nil {
			return nil, err
		}
		values = memory.NewBufferBytes(packed)
	case column.String:
		values = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.Codes))
	}
	buffers := []*memory.Buffer{nil, values}
	if c.Valid != nil {
		buffers[0] = memory.NewBufferBytes(c.Valid)
	}
	if c.Kind != column.String {
		return array.MakeFromData(array.NewData(arrowType(c), c.N, buffers, nil, c.Nulls(), 0)), nil
	}
	return array.NewDictionaryData(array.NewDataWithDictionary(dictionaryType, c.N, buffers, c.Nulls(), 0, dictionaryData(c.Dict))), nil
}

func dictionaryData(d *column.Dictionary) *array.Data {
	return array.NewData(arrow.BinaryTypes.String, d.Len(), []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.Offsets)), memory.NewBufferBytes(d.Data),
	}, nil, 0, 0)
}
