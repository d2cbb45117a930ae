package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"locuslab/locuskit/table"
)

// measurement is one query on one engine.
type measurement struct {
	Query     string    `json:"query"`
	Seconds   []float64 `json:"seconds"`
	Processor []float64 `json:"processor"` // seconds of all cores together
	Peak      int64     `json:"peak"`      // most memory resident during the last run, in bytes
	Answer    []float64 `json:"answer"`    // figures that all engines must agree on
}

// query is one question as a Go program asks it: it gives the answer's figures
// from a result that is not counted into the time.
type query struct {
	name string
	run  func(ctx context.Context) (answer func() ([]float64, error), err error)
}

// timed runs a query once, adds what that took to m and gives its answer.
func (m *measurement) timed(ctx context.Context, q query) (func() ([]float64, error), error) {
	runtime.GC() // of what the run before left
	forgetPeak()
	used, start := processorTime(), time.Now()
	answer, err := q.run(ctx)
	took, used := time.Since(start).Seconds(), processorTime()-used
	if err != nil {
		return nil, fmt.Errorf("%s: %w", q.name, err)
	}
	m.Query, m.Peak = q.name, peak()
	m.Seconds, m.Processor = append(m.Seconds, took), append(m.Processor, used)
	return answer, nil
}

// warm leaves out the first run, unless it is the only one.
func (m *measurement) warm() {
	if len(m.Seconds) > 1 {
		m.Seconds, m.Processor = m.Seconds[1:], m.Processor[1:]
	}
}

// measure runs each query once to warm up and then as often as asked for, but not for
// more than a minute and a half, as the Python engines do.
func (b *bench) measure(ctx context.Context, queries []query) ([]measurement, error) {
	var out []measurement
	for _, q := range queries {
		if !b.wants(q.name) {
			continue
		}
		var m measurement
		var answer func() ([]float64, error)
		for begun := time.Now(); len(m.Seconds) <= b.repeat && time.Since(begun) < 90*time.Second; {
			a, err := m.timed(ctx, q)
			if err != nil {
				return nil, err
			}
			answer = a
		}
		m.warm()
		figures, err := answer()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		m.Answer = figures
		b.tell(m)
		out = append(out, m)
	}
	return out, nil
}

// measureOurs measures the sequential and the parallel form of each query in turns, and
// between them the plain loops that neither can beat: what else the machine does
// then weighs on all four alike.
func (b *bench) measureOurs(ctx context.Context, queries [2][]query, rows int) (bandwidth, []column, error) {
	plain := newBandwidth(rows)
	columns := []column{{engine: "locuskit sequential"}, {engine: "locuskit parallel"}}
	for i := range queries[0] {
		if !b.wants(queries[0][i].name) {
			continue
		}
		var answers [2]func() ([]float64, error)
		var m [2]measurement
		for range b.repeat + 1 {
			for form := range 2 {
				answer, err := m[form].timed(ctx, queries[form][i])
				if err != nil {
					return bandwidth{}, nil, err
				}
				answers[form] = answer
				plain.measure(form == 1)
			}
		}
		for form := range 2 {
			m[form].warm()
			figures, err := answers[form]()
			if err != nil {
				return bandwidth{}, nil, fmt.Errorf("%s: %w", m[form].Query, err)
			}
			m[form].Answer = figures
			columns[form].results = append(columns[form].results, m[form])
		}
		b.tell(m[0])
		b.tell(m[1])
	}
	return plain.best, columns, nil
}

// read is a reader of files in its sequential or parallel form.
type read struct {
	csv     func(ctx context.Context, path string) (table.Table, error)
	parquet func(ctx context.Context, path string) (table.Table, error)
	sum     func(ctx context.Context, s table.Stream) (table.Table, error)

	parallel bool
}

func readers(parallel bool) read {
	if !parallel {
		return read{
			func(ctx context.Context, path string) (table.Table, error) { return table.ReadCSV(ctx, path) },
			func(ctx context.Context, path string) (table.Table, error) { return table.ReadParquet(ctx, path) },
			func(ctx context.Context, s table.Stream) (table.Table, error) {
				return s.GroupSum(ctx, "geo_id", "visits")
			},
			false,
		}
	}
	return read{
		func(ctx context.Context, path string) (table.Table, error) {
			return table.ReadCSVParallel(ctx, path)
		},
		func(ctx context.Context, path string) (table.Table, error) {
			return table.ReadParquetParallel(ctx, path)
		},
		func(ctx context.Context, s table.Stream) (table.Table, error) {
			return s.GroupSumParallel(ctx, "geo_id", "visits")
		},
		true,
	}
}

// ours is the queries on locuskit, sequential and parallel. A file that a table is read from
// for no query that is wanted stays closed, so that it weighs on none.
func (b *bench) ours(ctx context.Context, dir string) (forms [2][]query, err error) {
	var read [3]table.Table
	for i, names := range [][]string{lessonQueries, h2oQueries, slices.Concat(diverseQueries, sparseQueries)} {
		if slices.ContainsFunc(names, b.wants) {
			path := filepath.Join(dir, []string{"visits", "h2o", "trips"}[i]+".parquet")
			if read[i], err = table.ReadParquetParallel(ctx, path); err != nil {
				return forms, err
			}
		}
	}
	var ids table.Table
	if slices.ContainsFunc(sparseQueries, b.wants) {
		if ids = sparseIDs(read[2]); ids.Err() != nil {
			return forms, ids.Err()
		}
	}
	zones, err := boroughs()
	if err != nil {
		return forms, err
	}
	for i, run := range []func(table.Table) table.Table{
		func(t table.Table) table.Table { return t.Sequential() },
		func(t table.Table) table.Table { return t.Parallel() },
	} {
		from := readers(i == 1)
		if slices.ContainsFunc(lessonQueries, b.wants) {
			if forms[i], err = lesson(run(read[0])); err != nil {
				return forms, err
			}
		}
		forms[i] = slices.Concat(forms[i], files(from, dir), h2oQuestions(run(read[1])), diverse(run(read[2]), run(zones)), sparse(run(ids)), diverseFiles(dir, from))
	}
	return forms, nil
}

// The queries on tables in memory, by the file that their table is read from.
var (
	lessonQueries  = []string{"distinct", "group sum", "top 0.5 %", "above limit", "means", "filter", "quantile", "sort", "join"}
	h2oQueries     = []string{"q1", "q2", "q3", "q4", "q5"}
	diverseQueries = []string{"by zone", "by user", "medians", "distinct by word", "join zones", "sort floats", "filter floats"}
	sparseQueries  = []string{"by id", "by few ids"}
)

// onTable is a query on tables in memory.
func onTable(name string, f func() table.Table, answer func(table.Table) ([]float64, error)) query {
	return query{name, func(context.Context) (func() ([]float64, error), error) {
		t := f()
		return func() ([]float64, error) { return answer(t) }, t.Err()
	}}
}

// onFile is a query that reads a file.
func onFile(name string, f func(context.Context) (table.Table, error), answer func(table.Table) ([]float64, error)) query {
	return query{name, func(ctx context.Context) (func() ([]float64, error), error) {
		t, err := f(ctx)
		if err == nil {
			err = t.Err()
		}
		return func() ([]float64, error) { return answer(t) }, err
	}}
}

// lesson is the queries of the lesson.
func lesson(visits table.Table) ([]query, error) {
	sums := visits.GroupSum("geo_id", "visits")
	totals := sums.Rename("visits", "total")
	limit, err := sums.Median("visits")
	if err != nil {
		return nil, err
	}
	top := figures(rows, first("visits"), sum("visits"))
	some := figures(rows, sum("visits"))
	number := func(name string, f func() ([]float64, error)) query {
		return query{name, func(context.Context) (func() ([]float64, error), error) {
			v, err := f()
			return func() ([]float64, error) { return v, nil }, err
		}}
	}
	return []query{
		number("distinct", func() ([]float64, error) {
			n, err := visits.UniqueCounts("geo_id", "poi_id")
			return []float64{float64(n["geo_id"]), float64(n["poi_id"])}, err
		}),
		onTable("group sum", func() table.Table { return visits.GroupSum("geo_id", "visits") }, figures(rows, sum("visits"), squares("visits"))),
		onTable("top 0.5 %", func() table.Table {
			q, err := sums.Quantile("visits", 0.995)
			if err != nil {
				return table.Table{}
			}
			return sums.Where("visits", ">", q).Sort("-visits").WithIndex("index")
		}, top),
		onTable("above limit", func() table.Table {
			return sums.Where("visits", ">", int(limit)).Sort("-visits").WithIndex("index")
		}, top),
		onTable("means", func() table.Table { return visits.Drop("geo_id").Means() }, func(t table.Table) ([]float64, error) {
			v, _, err := t.Floats("mean")
			return v, err
		}),
		onTable("filter", func() table.Table { return visits.Where("visits", ">", 8) }, some),
		number("quantile", func() ([]float64, error) {
			q, err := visits.Quantile("visits", 0.995)
			return []float64{q}, err
		}),
		onTable("sort", func() table.Table { return visits.Sort("-visits", "geo_id") }, eighths("visits")),
		onTable("join", func() table.Table { return visits.Join(totals, "geo_id") }, figures(rows, sum("total"))),
	}, nil
}

// files is the queries on the lesson's files.
func files(from read, dir string) []query {
	csv, parquet := filepath.Join(dir, "visits.csv"), filepath.Join(dir, "visits.parquet")
	some := figures(rows, sum("visits"))
	sums := figures(rows, sum("visits"), squares("visits"))
	return []query{
		onFile("CSV read", func(ctx context.Context) (table.Table, error) { return from.csv(ctx, csv) }, some),
		onFile("Parquet read", func(ctx context.Context) (table.Table, error) { return from.parquet(ctx, parquet) }, some),
		onFile("CSV group sum", func(ctx context.Context) (table.Table, error) { return from.sum(ctx, table.ScanCSV(csv)) }, sums),
		onFile("Parquet group sum", func(ctx context.Context) (table.Table, error) {
			return from.sum(ctx, table.ScanParquet(parquet))
		}, sums),
	}
}

// h2oQuestions is the group-by questions of the h2oai benchmark.
func h2oQuestions(t table.Table) []query {
	s, m := table.Sum, table.Mean
	return []query{
		onTable("q1", func() table.Table { return t.GroupBy("id1").Agg(s("v1")) }, figures(rows, sum("v1_sum"))),
		onTable("q2", func() table.Table { return t.GroupBy("id1", "id2").Agg(s("v1")) }, figures(rows, sum("v1_sum"))),
		onTable("q3", func() table.Table { return t.GroupBy("id3").Agg(s("v1"), m("v3")) }, figures(rows, sum("v1_sum"), sum("v3_mean"))),
		onTable("q4", func() table.Table { return t.GroupBy("id4").Agg(m("v1"), m("v2"), m("v3")) },
			figures(rows, sum("v1_mean"), sum("v2_mean"), sum("v3_mean"))),
		onTable("q5", func() table.Table { return t.GroupBy("id6").Agg(s("v1"), s("v2"), s("v3")) },
			figures(rows, sum("v1_sum"), sum("v2_sum"), sum("v3_sum"))),
	}
}

type figure func(t table.Table) (float64, error)

func figures(all ...figure) func(t table.Table) ([]float64, error) {
	return func(t table.Table) ([]float64, error) {
		var out []float64
		for _, f := range all {
			v, err := f(t)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
}

func rows(t table.Table) (float64, error) { return float64(t.Rows()), nil }

func sum(name string) figure {
	return func(t table.Table) (float64, error) { return t.Sum(name) }
}

func first(name string) figure {
	return func(t table.Table) (float64, error) {
		v, _, err := t.Floats(name)
		if err != nil || len(v) == 0 {
			return 0, err
		}
		return v[0], nil
	}
}

func squares(name string) figure {
	return func(t table.Table) (float64, error) {
		v, _, err := t.Floats(name)
		var s float64
		for _, x := range v {
			s += x * x
		}
		return s, err
	}
}

// eighths is the values at eight places of the rows, first and last included.
func eighths(name string) func(t table.Table) ([]float64, error) {
	return func(t table.Table) ([]float64, error) {
		v, _, err := t.Floats(name)
		if err != nil {
			return nil, err
		}
		var out []float64
		for i := range 8 {
			out = append(out, v[i*(len(v)-1)/7])
		}
		return out, nil
	}
}
