package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/structs"
)

// FromStructs returns a table with a row for each struct and a column for each exported field, named by its tag or else as the field:
//
//	type Visit struct {
//		Code   string `table:"geo_id"`
//		Visits *int64 `table:"visits"` // nil is null
//		note   string
//	}
//	rows, err := table.FromStructs(visits)
//
// A field is a string, a bool, a number, a [time.Time] or a pointer to one of these. Fields of an embedded struct
// are as if they were the outer one's.
func FromStructs[T any](rows []T, opts ...Option) (Table, error) {
	t, err := fromStructs(under(exec.Run{}, opts).run, rows)
	if err != nil {
		return Table{}, fmt.Errorf("table from structs: %w", err)
	}
	return t, nil
}

// FromStructsParallel is [FromStructs] on several goroutines.
func FromStructsParallel[T any](rows []T, opts ...Option) (Table, error) {
	t, err := fromStructs(parallel(exec.Run{}, opts).run, rows)
	if err != nil {
		return Table{}, fmt.Errorf("table from structs: %w", err)
	}
	return t, nil
}

// Structs returns the rows of a table as structs, whose fields are filled from the columns as [FromStructs] would
// make them. A field whose column is not there is an error, as is a value that the field cannot hold: a null is
// held by a pointer only. Columns without a field are left out.
func Structs[T any](t Table, opts ...Option) ([]T, error) {
	rows, err := toStructs[T](t.with(opts))
	if err != nil {
		return nil, fmt.Errorf("structs of a table: %w", err)
	}
	return rows, nil
}

// StructsParallel is [Structs] on several goroutines.
func StructsParallel[T any](t Table, opts ...Option) ([]T, error) {
	return Structs[T](t.Parallel(opts...))
}

func fromStructs[T any](e exec.Run, rows []T) (Table, error) {
	cols, err := structs.Columns(e, rows)
	if err != nil {
		return Table{}, err
	}
	return newTable(cols)
}

func toStructs[T any](t Table) ([]T, error) {
	if t.err != nil {
		return nil, t.err
	}
	return structs.Rows[T](t.run, t.rows, t.column)
}
