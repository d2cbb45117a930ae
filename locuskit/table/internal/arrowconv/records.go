// Package arrowconv converts columns to Arrow's arrays and back, and reads and writes Arrow IPC. Its name is not arrow, so
// that it can stand beside Arrow's library. It knows columns and no tables.
package arrowconv

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/reading"
)

// FromRecords returns a table of batches of a schema, one below the other.
func FromRecords(e exec.Run, told reading.Options, schema *arrow.Schema, batches []arrow.RecordBatch) (f column.Frame, err error) {
	if err := told.Binary("Arrow"); err != nil {
		return column.Frame{}, err
	}
	have := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		have[i] = f.Name
	}
	have, notes := reading.DistinctNames(have, false)
	wanted, err := told.Choose(have)
	if err != nil {
		return column.Frame{}, err
	}
	rows := 0
	for _, batch := range batches {
		rows += int(batch.NumRows())
	}
	cols := make([]*column.Column, len(wanted))
	for k, i := range wanted {
		parts := make([]*column.Column, len(batches))
		for b, batch := range batches {
			// Arrow takes a column that is longer than its batch.
			if n := batch.Column(i).Len(); int64(n) != batch.NumRows() {
				err = fmt.Errorf("column %q has %d values, and the batch %d rows", have[i], n, batch.NumRows())
			} else {
				parts[b], err = FromArray(e, have[i], batch.Column(i))
			}
			if err != nil && len(batches) > 1 {
				err = fmt.Errorf("batch %d: %w", b+1, err)
			}
			if err != nil {
				return column.Frame{}, err
			}
		}
		if len(parts) == 0 {
			none, err := FromArray(e, have[i], Nothing(schema.Field(i).Type))
			if err != nil {
				return column.Frame{}, err
			}
			parts = append(parts, none)
		}
		if err := OneKind(e, parts, schema.Field(i).Type); err != nil {
			return column.Frame{}, err
		}
		if cols[k], err = column.Concat(e, parts, rows); err != nil {
			return column.Frame{}, err
		}
	}
	return column.Frame{Columns: cols, Rows: rows, Notes: notes}, nil
}

var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// TypeOf returns the Arrow type of a column.
func TypeOf(c *column.Column) arrow.DataType {
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

// ToArray returns a column as an Arrow array that shares its memory where it can.
func ToArray(e exec.Run, c *column.Column) (arrow.Array, error) {
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
		return array.MakeFromData(array.NewData(TypeOf(c), c.N, buffers, nil, c.Nulls(), 0)), nil
	}
	return array.NewDictionaryData(array.NewDataWithDictionary(dictionaryType, c.N, buffers, c.Nulls(), 0, dictionaryData(c.Dict))), nil
}

func dictionaryData(d *column.Dictionary) *array.Data {
	return array.NewData(arrow.BinaryTypes.String, d.Len(), []*memory.Buffer{
		nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.Offsets)), memory.NewBufferBytes(d.Data),
	}, nil, 0, 0)
}

// Nothing is an array without values.
func Nothing(t arrow.DataType) arrow.Array {
	return array.NewBuilder(memory.DefaultAllocator, t).NewArray()
}
