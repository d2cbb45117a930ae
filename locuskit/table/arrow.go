package table

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"locuslab/locuskit/table/internal/arrowconv"
	"locuslab/locuskit/table/internal/exec"
)

// Schema returns the table's schema in Arrow's terms; strings are dictionaries of
// 4-byte codes. It panics as [Table.Rows] does.
func (t Table) Schema() *arrow.Schema {
	t.must()
	fields := make([]arrow.Field, len(t.cols))
	for i, c := range t.cols {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowconv.TypeOf(c), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// Record returns the table as an Arrow record batch that shares its memory (bools
// are packed into bits). It is on Go's heap: Release is allowed and frees
// nothing.
func (t Table) Record() (arrow.RecordBatch, error) {
	if t.err != nil {
		return nil, t.err
	}
	cols := make([]arrow.Array, len(t.cols))
	for i, c := range t.cols {
		a, err := arrowconv.ToArray(t.run, c)
		if err != nil {
			return nil, fmt.Errorf("table to Arrow: %w", err)
		}
		cols[i] = a
	}
	return array.NewRecordBatch(t.Schema(), cols, int64(t.rows)), nil
}

// FromRecord makes a table of an Arrow record batch. Integers of all widths
// become Int, floats and decimals Float, strings, binary text, UUIDs, dates and times
// String (times as Arrow writes them, those of a zone in UTC with +00:00, so that strings have
// the order of the times; the end of a day is 24:00:00); an extension type is taken for what it is stored as. Unsigned
// integers and decimals of which some would not be the same numbers as Int or Float become
// String. Nested columns, and binary values that are not UTF-8, are refused. 8-byte numbers
// share the batch's memory, which must not be released while the table is in use. [Context],
// [Workers], [Only] and [Except] may be among opts.
func FromRecord(batch arrow.RecordBatch, opts ...Option) (Table, error) {
	s := with(exec.Run{}, opts)
	t, err := framed(arrowconv.FromRecords(s.run, s.read, batch.Schema(), []arrow.RecordBatch{batch}))
	if err != nil {
		return Table{}, fmt.Errorf("table from Arrow: %w", err)
	}
	return t, nil
}
