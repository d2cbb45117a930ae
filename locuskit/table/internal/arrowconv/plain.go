package arrowconv

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// PlainSchema is a schema with strings in place of dictionaries of strings.
func PlainSchema(s *arrow.Schema) *arrow.Schema {
	fields := s.Fields() // a copy
	for i := range fields {
		if fields[i].Type.ID() == arrow.DICTIONARY {
			fields[i].Type = arrow.BinaryTypes.String
		}
	}
	return arrow.NewSchema(fields, nil)
}

// PlainRecord is a batch of dictionaries that ToArray made, with strings in place of dictionaries of strings.
func PlainRecord(batch arrow.RecordBatch) (arrow.RecordBatch, error) {
	columns := batch.Columns()
	plain := make([]arrow.Array, len(columns))
	for i, c := range columns {
		plain[i] = c
		if d, ok := c.(*array.Dictionary); ok {
			if plain[i], ok = plainStrings(d); !ok {
				return nil, fmt.Errorf("column %q has more than 2 GiB of text in one part, which Arrow's strings cannot hold: write smaller parts", batch.ColumnName(i))
			}
		}
	}
	return array.NewRecordBatch(PlainSchema(batch.Schema()), plain, batch.NumRows()), nil
}

func plainStrings(d *array.Dictionary) (_ arrow.Array, fits bool) {
	values := d.Dictionary().(*array.String)
	bytes := 0
	for i := range d.Len() {
		if d.IsValid(i) {
			bytes += values.ValueLen(d.GetValueIndex(i))
		}
	}
	if bytes > math.MaxInt32 {
		return nil, false
	}
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Reserve(d.Len())
	b.ReserveData(bytes)
	for i := range d.Len() {
		if d.IsNull(i) {
			b.AppendNull()
			continue
		}
		b.Append(values.Value(d.GetValueIndex(i)))
	}
	return b.NewArray(), true
}
