package table

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table/internal/exec"
)

var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// Schema is the table's schema in Arrow's terms; strings are dictionaries of
// 4-byte codes. It panics as [Table.Rows] does.
func (t Table) Schema() *arrow.Schema {
	t.must()
	fields := make([]arrow.Field, len(t.cols))
	for i, c := range t.cols {
		fields[i] = arrow.Field{Name: c.name, Type: c.arrowType(), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

func (c *column) arrowType() arrow.DataType {
	switch c.kind {
	case Int:
		if c.instants {
			return arrow.FixedWidthTypes.Timestamp_us // of UTC
		}
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
		a, err := c.arrow(t.run)
		if err != nil {
			return nil, fmt.Errorf("table to Arrow: %w", err)
		}
		cols[i] = a
	}
	return array.NewRecordBatch(t.Schema(), cols, int64(t.rows)), nil
}

func (c *column) arrow(e exec.Run) (arrow.Array, error) {
	c, err := c.encoded(e)
	if err != nil {
		return nil, err
	}
	var values *memory.Buffer
	switch c.kind {
	case Int:
		values = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(c.ints))
	case Float:
		values = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(c.floats))
	case Bool:
		packed := newBitmap(c.n)
		err := e.Chunks(c.n, exec.ChunkRows, func(_, from, to int) {
			for i, v := range c.bools[from:to] {
				if v {
					setBit(packed, from+i)
				}
			}
		})
		if err != nil {
			return nil, err
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
		return array.MakeFromData(array.NewData(c.arrowType(), c.n, buffers, nil, c.nulls(), 0)), nil
	}
	return array.NewDictionaryData(array.NewDataWithDictionary(dictionaryType, c.n, buffers, c.nulls(), 0, c.dict.arrow())), nil
}

func (d *dictionary) arrow() *array.Data {
	return array.NewData(arrow.BinaryTypes.String, d.len(), []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.offsets)), memory.NewBufferBytes(d.data),
	}, nil, 0, 0)
}
