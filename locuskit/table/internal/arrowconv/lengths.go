package arrowconv

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
)

// checkLengths sees that a batch for which so many bytes are there can have the values that it tells of, before anything
// is allocated for them. Arrow's reader takes each array's length as the file has it: of nulls there are as many as it says, without
// a byte for any, and the lengths of dictionaries and of nested values are nobody's but their own.
func checkLengths(batch arrow.RecordBatch, bytes int64) error {
	const few = 1 << 20 // values are no trouble, whatever they are
	most := max(few, 8*bytes)
	for i, c := range batch.Columns() {
		kind := c.DataType().ID()
		backed := kind != arrow.NULL && kind != arrow.RUN_END_ENCODED // each value has at least a bit; the others are as long as the batch
		if err := checkLength(c.Data(), most, backed); err != nil {
			return fmt.Errorf("column %q is damaged: %w", batch.ColumnName(i), err)
		}
	}
	return nil
}

func checkLength(d arrow.ArrayData, most int64, backed bool) error {
	if n := int64(d.Len()); n < 0 || backed && n > most {
		return fmt.Errorf("it tells of %d values, for which the file is too small", n)
	}
	if d.DataType().ID() == arrow.DICTIONARY {
		if err := checkLength(d.Dictionary(), most, true); err != nil {
			return err
		}
	}
	for _, child := range d.Children() {
		if err := checkLength(child, most, true); err != nil {
			return err
		}
	}
	return nil
}
