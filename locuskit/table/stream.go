package table

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
	"locuslab/locuskit/table/internal/parquet"
	"locuslab/locuskit/table/internal/reading"
)

// Stream is rows that are read as they are needed: of files larger than memory,
// or of pages as a service delivers them. It can be aggregated, any number of
// times: each aggregation reads it from its start, only the columns it needs.
//
// Memory is bounded by the number of groups and of workers, not by rows: a part
// of the stream per worker (1 MiB of a CSV file, a row group of a Parquet file, a
// page) and up to four aggregated parts per worker.
type Stream struct {
	name  string
	parts func(e exec.Run, columns []string, take func(number int, t Table) error) error
	run   exec.Run
}

// Parallel returns s with its aggregations running on GOMAXPROCS goroutines or as many as [Workers] says.
func (s Stream) Parallel(opts ...Option) Stream {
	s.run = parallel(s.run, opts).run
	return s
}

// on returns how an aggregation of s runs under ctx.
func (s Stream) on(ctx context.Context) exec.Run {
	e := s.run
	e.Ctx = ctx
	return e
}

// ScanCSV returns the rows of a CSV file; see [ReadCSV].
func ScanCSV(path string, opts ...Option) Stream {
	return Stream{name: "CSV " + path, parts: func(e exec.Run, columns []string, take func(int, Table) error) error {
		err := scanning(opts, columns, func(told reading.Options) error {
			f, err := csv.OpenText(path)
			if err != nil {
				return err
			}
			defer f.Close()
			return csv.Scan(e, csv.NewSource(f, path, told), func(number int, cols []*column.Column, rows int) error {
				return take(number, Table{cols: cols, rows: rows})
			})
		})
		if err != nil {
			return fmt.Errorf("read CSV %s: %w", path, err)
		}
		return nil
	}}
}

// scanning reads columns of a file, with the options that the file was
// named with.
func scanning(opts []Option, columns []string, read func(told reading.Options) error) error {
	told := with(exec.Run{}, opts).read
	for _, name := range columns {
		if told.Only != nil && !slices.Contains(told.Only, name) || slices.Contains(told.Except, name) {
			return fmt.Errorf("no column %q: the options of the stream leave it out", name)
		}
	}
	told.Only, told.Except = columns, nil
	return read(told)
}

// ScanParquet returns the rows of a Parquet file; see [ReadParquet].
func ScanParquet(path string, opts ...Option) Stream {
	return Stream{name: "Parquet " + path, parts: func(e exec.Run, columns []string, take func(int, Table) error) error {
		err := scanning(opts, columns, func(told reading.Options) error {
			f, err := parquet.Open(told, path)
			if err != nil {
				return err
			}
			defer f.Close()
			groups, part := f.In.NumRowGroups(), f.Group
			if groups == 0 { // the columns are known all the same
				groups, part = 1, f.Empty
			}
			rooms := parquet.NewRooms(max(1, e.Workers), groups)
			return numberedParts(e, groups, func(g int) (Table, error) {
				cols, err := part(e, g, rooms.Take(g))
				if err != nil {
					return Table{}, err
				}
				return newTable(cols)
			}, func(g int, t Table) error {
				defer rooms.GiveBack(g) // nothing of a part is needed once it is taken
				return take(g, t)
			})
		})
		if err != nil {
			return fmt.Errorf("read Parquet %s: %w", path, err)
		}
		return nil
	}}
}

// numberedParts gives take the parts of a stream that can be had by their numbers, in parallel
// where e allows. Its error is that of the earliest part that failed.
func numberedParts(e exec.Run, n int, part func(i int) (Table, error), take func(int, Table) error) error {
	errs := make([]error, n)
	var stopped atomic.Bool
	err := e.Tasks(n, func(i int) {
		if stopped.Load() {
			return
		}
		t, err := part(i)
		if err == nil {
			err = take(i, t)
		}
		if err != nil {
			if !errors.Is(err, exec.ErrStopped) {
				errs[i] = err
			}
			stopped.Store(true)
			e.Failed()
		}
	})
	for _, failed := range errs {
		if failed != nil {
			return failed
		}
	}
	return err
}

// ScanPages returns the rows of tables that come one after another, such as a
// service's pages; name stands for them in errors. The tables have the same
// columns. Pages are asked for one at a time, and aggregated while later ones
// are on their way.
func ScanPages(name string, pages iter.Seq2[Table, error]) Stream {
	return Stream{name: name, parts: func(e exec.Run, columns []string, take func(int, Table) error) error {
		next, stop := iter.Pull2(pages)
		defer stop()
		var mu sync.Mutex
		number, ended := 0, false
		var failed error
		exec.Together(max(1, e.Workers), func() {
			for e.Cancelled() == nil {
				mu.Lock()
				if ended {
					mu.Unlock()
					return
				}
				page, err, more := next()
				n := number
				number++
				ended = ended || !more || err != nil
				if err != nil && failed == nil {
					failed = fmt.Errorf("page %d of %s: %w", n+1, name, err)
				}
				mu.Unlock()
				if err != nil {
					e.Failed()
				}
				if err != nil || !more {
					return
				}
				if err := take(n, page.Select(columns...)); err != nil {
					mu.Lock()
					ended = true
					if failed == nil && !errors.Is(err, exec.ErrStopped) {
						failed = fmt.Errorf("page %d of %s: %w", n+1, name, err)
					}
					mu.Unlock()
					e.Failed()
				}
			}
		})
		if failed != nil {
			return failed
		}
		return e.Cancelled()
	}}
}

// ScanParts returns the rows of n tables with the same columns that can be had by their numbers, several at a time and in any
// order, such as a service's answers about n spans of time; name stands for them in errors. Each aggregation asks for
// each part once, in the parallel forms from several goroutines, and keeps as many as there are workers.
func ScanParts(name string, n int, part func(ctx context.Context, i int) (Table, error)) Stream {
	return Stream{name: name, parts: func(e exec.Run, columns []string, take func(int, Table) error) error {
		return numberedParts(e, n, func(i int) (Table, error) {
			t, err := part(e.Context(), i)
			if err != nil {
				return Table{}, err
			}
			t = t.Select(columns...)
			return t, t.Err()
		}, take)
	}}
}

// StreamGroups is the rows of a stream by the values of key columns.
type StreamGroups struct {
	s    Stream
	keys []string
}

// GroupBy groups the rows by the values of the named columns; see
// [Table.GroupBy].
func (s Stream) GroupBy(keys ...string) StreamGroups { return StreamGroups{s, keys} }

// GroupSum is [Table.GroupSum] of a stream.
func (s Stream) GroupSum(ctx context.Context, key, value string, opts ...Option) (Table, error) {
	return s.GroupBy(key).agg(under(s.on(ctx), opts), []Aggregate{Sum(value).As(value)})
}

// GroupSumParallel is [Stream.GroupSum] on several goroutines.
func (s Stream) GroupSumParallel(ctx context.Context, key, value string, opts ...Option) (Table, error) {
	return s.Parallel(opts...).GroupSum(ctx, key, value)
}

// Agg is [Groups.Agg] of a stream, with Sum, Mean, Count, Min, Max and Std;
// the others need all values of a group at once. Floating-point figures are
// combined part by part in the order of the stream: equal to the last bit
// however many goroutines there are, and up to rounding those of [Groups.Agg].
func (g StreamGroups) Agg(ctx context.Context, aggregates ...Aggregate) (Table, error) {
	return g.agg(settings{run: g.s.on(ctx)}, aggregates)
}

// AggParallel is [StreamGroups.Agg] on several goroutines.
func (g StreamGroups) AggParallel(ctx context.Context, aggregates ...Aggregate) (Table, error) {
	g.s = g.s.Parallel()
	return g.Agg(ctx, aggregates...)
}

func (g StreamGroups) agg(s settings, aggregates []Aggregate) (Table, error) {
	doing := fmt.Sprintf("group %s by %s", g.s.name, strings.Join(g.keys, ", "))
	e := s.run
	if s.read.Given() {
		return Table{}, fmt.Errorf("%s: options of reading go where the stream is named, as in ScanCSV(path, options)", doing)
	}
	m, err := group.NewStreamMerge(e, g.keys, specs(aggregates))
	if err != nil {
		return Table{}, fmt.Errorf("%s: %w", doing, err)
	}
	defer context.AfterFunc(e.Context(), m.Stop)()
	run := e
	run.Abort = m.Stop
	err = g.s.parts(run, m.Columns(), func(number int, t Table) error {
		if number < 0 {
			m.Anew()
			return nil
		}
		if t.err == nil {
			t.err = m.Check(t.cols)
		}
		t.run = m.Run()
		part := t.GroupBy(g.keys...).agg(m.States)
		return m.Take(number, column.Frame{Columns: part.cols, Rows: part.rows}, part.err)
	})
	if cancelled := e.Cancelled(); cancelled != nil {
		err = cancelled
	}
	if err != nil {
		return Table{}, fmt.Errorf("%s: %w", doing, err)
	}
	cols, err := m.Result()
	if err != nil {
		return Table{}, fmt.Errorf("%s: %w", doing, err)
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("%s: %w with As", doing, err)
	}
	t.plan = []string{fmt.Sprintf("%s: %d groups; %d parts on up to %d goroutines", doing, t.rows, m.Next, max(1, e.Workers))}
	return t, nil
}
