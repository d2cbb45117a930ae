package arrowconv

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	"locuslab/locuskit/table/internal/ipcframe"
)

// checkLengths sees that a batch from a file of so many bytes can have the values that it tells of, before anything is
// allocated for them. Arrow's reader takes each array's length as the file has it: of nulls there are as many as it says, without a
// byte for any, and the lengths of dictionaries and of nested values are nobody's but their own.
func checkLengths(batch arrow.RecordBatch, bytes int) error {
	for i, c := range batch.Columns() {
		if err := checkLength(c.Data(), bytes); err != nil {
			return fmt.Errorf("column %q: %w", batch.ColumnName(i), err)
		}
	}
	return nil
}

func checkLength(d arrow.ArrayData, bytes int) error {
	const compressed = true // the file may be: more is not known here
	if err := ipcframe.CheckRows(int64(d.Len()), int64(bytes), compressed); err != nil {
		return err
	}
	if d.Dictionary() != nil && d.DataType().ID() == arrow.DICTIONARY {
		if err := checkLength(d.Dictionary(), bytes); err != nil {
			return err
		}
	}
	for _, child := range d.Children() {
		if err := checkLength(child, bytes); err != nil {
			return err
		}
	}
	return nil
}
