// Package parquet reads and writes columns as Parquet. Flat columns of the common types are decoded in place by package
// parquetpage, others by Arrow's reader. It knows columns and no tables.
package parquet

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"

	"locuslab/locuskit/table/internal/arrowconv"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/parquetpage"
	"locuslab/locuskit/table/internal/reading"
)

// rowGroupRows is how many rows a row group gets: the parts of a file that can be
// read in parallel and streamed one by one.
const rowGroupRows = 1 << 20

// columns reads all row groups of the wanted columns, each row group of each column
// for itself.
func (f *File) columns(e exec.Run) ([]*column.Column, error) {
	width, groups := len(f.names), f.In.NumRowGroups()
	starts := make([]int, groups+1)
	for g := range groups {
		starts[g+1] = starts[g] + int(f.In.MetaData().RowGroup(g).NumRows())
	}
	whole := make([]*decoded, width)
	rooms := make([][]int, width)            // where each row group's texts go
	parts := make([][]*column.Column, width) // of columns that are not decoded in place
	for i := range width {
		if kind, ok := f.kinds[i], f.kinds[i] != 0; ok {
			rooms[i] = make([]int, groups+1)
			for g := range groups {
				rooms[i][g+1] = rooms[i][g] + f.room(i, g)
			}
			whole[i] = newDecoded(kind, starts[groups], rooms[i][groups], nil)
		} else {
			parts[i] = make([]*column.Column, groups)
		}
	}
	m := e.Meter("column chunks of "+f.path, width*groups)
	defer m.Close()
	errs := make([]error, width*groups)
	var failed atomic.Bool
	unforeseen := make([]atomic.Bool, width) // columns that cannot be decoded in place after all
	err := e.Tasks(width*groups, func(task int) {
		i, g := task%width, task/width
		switch {
		case failed.Load() || unforeseen[i].Load():
			return
		case whole[i] != nil:
			errs[task] = f.decode(e, whole[i], i, g, starts[g], rooms[i][g])
			if errors.Is(errs[task], parquetpage.ErrUnforeseen) {
				errs[task] = nil
				unforeseen[i].Store(true)
			}
		default:
			parts[i][g], errs[task] = f.part(e, i, g)
		}
		if errs[task] != nil {
			failed.Store(true)
		}
		m.Add(1)
	})
	if err := exec.FirstError(errs, err); err != nil {
		return nil, err
	}
	for i := range unforeseen {
		if !unforeseen[i].Load() {
			continue
		}
		whole[i], parts[i] = nil, make([]*column.Column, groups)
		errs := make([]error, groups)
		err := e.Quiet().Tasks(groups, func(g int) { parts[i][g], errs[g] = f.part(e, i, g) })
		if err := exec.FirstError(errs, err); err != nil {
			return nil, err
		}
	}
	cols := make([]*column.Column, width)
	errs = make([]error, width)
	err = e.Tasks(width, func(i int) {
		switch {
		case whole[i] != nil:
			cols[i], errs[i] = whole[i].column(e, f.names[i])
		case groups == 0:
			cols[i], errs[i] = f.nothing(e, i)
		default:
			if errs[i] = arrowconv.OneKind(e, parts[i], f.types[i]); errs[i] == nil {
				cols[i], errs[i] = column.Concat(e, parts[i], starts[groups])
			}
		}
	})
	return cols, exec.FirstError(errs, err)
}

// Close closes the file.
func (f *File) Close() {
	f.In.Close()
	f.os.Close()
}

// recoverDamage, which is deferred, makes an error of a panic.
func recoverDamage(err *error, doing, remedy string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: the file is damaged, or of a form that is not known here: %v%s", doing, r, remedy)
	}
}

// chunk names wanted column i of row group g.
func (f *File) chunk(i, g int) string {
	return fmt.Sprintf("column %q, row group %d", f.names[i], g+1)
}

// column reads wanted column i of row group g.
func (f *File) column(e exec.Run, i, g int, room *Room) (*column.Column, error) {
	kind, ok := f.kinds[i], f.kinds[i] != 0
	if !ok {
		return f.part(e, i, g)
	}
	whole := newDecoded(kind, int(f.In.MetaData().RowGroup(g).NumRows()), f.room(i, g), room.columns[i])
	room.columns[i] = whole
	err := f.decode(e, whole, i, g, 0, 0)
	if errors.Is(err, parquetpage.ErrUnforeseen) {
		return f.part(e, i, g)
	}
	if err != nil {
		return nil, err
	}
	return whole.column(e, f.names[i])
}

// part reads wanted column i of row group g by way of Arrow.
func (f *File) part(e exec.Run, i, g int) (c *column.Column, err error) {
	defer recoverDamage(&err, f.chunk(i, g), "; "+column.LeaveOut(f.names[i]))
	leaf := f.leaf[i]
	in, err := f.arrow.GetFieldReader(e.Context(), f.field[i], map[int]bool{leaf: true}, []int{g})
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	defer in.Release()
	rows := f.In.MetaData().RowGroup(g).NumRows()
	chunked, err := in.NextBatch(rows)
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w; %s", f.names[i], g+1, err, column.LeaveOut(f.names[i]))
	}
	if t := arrowconv.ValueType(chunked.DataType()); !arrow.TypeEqual(t, f.types[i]) || int64(chunked.Len()) != rows {
		return nil, fmt.Errorf("column %q, row group %d: %d values of %s were read, where the file has %d of %s", f.names[i], g+1, chunked.Len(), t, rows, f.types[i])
	}
	parts := make([]*column.Column, len(chunked.Chunks()))
	for k, a := range chunked.Chunks() {
		if parts[k], err = arrowconv.FromArray(e, f.names[i], a); err != nil {
			return nil, fmt.Errorf("row group %d: %w", g+1, err)
		}
	}
	if len(parts) == 0 {
		return f.nothing(e, i)
	}
	if err := arrowconv.OneKind(e, parts, f.types[i]); err != nil {
		return nil, err
	}
	return column.Concat(e.Sequential(), parts, chunked.Len())
}

// nothing is wanted column i without rows.
func (f *File) nothing(e exec.Run, i int) (*column.Column, error) {
	return arrowconv.FromArray(e, f.names[i], arrowconv.Nothing(f.types[i]))
}

// Empty returns the columns of a file without row groups.
func (f *File) Empty(e exec.Run, _ int, _ *Room) ([]*column.Column, error) { return f.columns(e) }

// Group reads row group g into room: what another row group had there is lost.
func (f *File) Group(e exec.Run, g int, room *Room) ([]*column.Column, error) {
	cols := make([]*column.Column, len(f.names))
	for i := range cols {
		c, err := f.column(e, i, g, room)
		if err != nil {
			return nil, err
		}
		cols[i] = c
	}
	return cols, nil
}

// Read reads all rows of a file.
func Read(e exec.Run, told reading.Options, path string) (column.Frame, error) {
	f, err := Open(told, path)
	if err != nil {
		return column.Frame{}, err
	}
	defer f.Close()
	cols, err := f.columns(e)
	if err != nil {
		return column.Frame{}, err
	}
	width, groups := len(f.names), f.In.NumRowGroups()
	ran := fmt.Sprintf("read Parquet %s: %d row groups of %d columns on %d goroutines", path, groups, width, max(1, min(e.Workers, width*groups)))
	return column.Frame{Columns: cols, Rows: int(f.In.NumRows()), Notes: f.notes, Plan: []string{ran}}, nil
}
