package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"locuslab/locuskit/table"
)

// measurement is one query on one engine.
type measurement struct {
	Query   string    `json:"query"`
	Seconds []float64 `json:"seconds"`
	Answer  []float64 `json:"answer"` // figures that all engines must agree on
}

// query is one question as a Go program asks it: it gives the answer's figures
// from a result that is not counted into the time.
type query struct {
	name string
	run  func(ctx context.Context) (answer func() ([]float64, error), err error)
}

// timed runs a query once and gives the time and its answer.
func timed(ctx context.Context, q query) (float64, func() ([]float64, error), error) {
	runtime.GC() // of what the run before left
	start := time.Now()
	answer, err := q.run(ctx)
	took := time.Since(start).Seconds()
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", q.name, err)
	}
	return took, answer, nil
}

// measure runs each query once to warm up and then as often as asked for, but not for
// more than a minute and a half, as the Python engines do.
func (b *bench) measure(ctx context.Context, queries []query) ([]measurement, error) {
	var out []measurement
	for _, q := range queries {
		if !b.wants(q.name) {
			continue
		}
		m := measurement{Query: q.name}
		var answer func() ([]float64, error)
		for begun := time.Now(); len(m.Seconds) <= b.repeat && time.Since(begun) < 90*time.Second; {
			took, a, err := timed(ctx, q)
			if err != nil {
				return nil, err
			}
			answer = a
			m.Seconds = append(m.Seconds, took)
		}
		if len(m.Seconds) > 1 {
			m.Seconds = m.Seconds[1:]
		}
		figures, err := answer()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		m.Answer = figures
		fmt.Fprintf(b.log, "  %-18s %8.2f ms\n", q.name, 1000*best(m.Seconds))
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
		for n := range b.repeat + 1 {
			for form := range 2 {
				took, answer, err := timed(ctx, queries[form][i])
				if err != nil {
					return bandwidth{}, nil, err
				}
				m[form].Query, answers[form] = queries[form][i].name, answer
				if n > 0 {
					m[form].Seconds = append(m[form].Seconds, took)
				}
				plain.measure(form == 1)
			}
		}
		for form := range 2 {
			figures, err := answers[form]()
			if err != nil {
				return bandwidth{}, nil, fmt.Errorf("%s: %w", m[form].Query, err)
			}
			m[form].Answer = figures
			columns[form].results = append(columns[form].results, m[form])
		}
		fmt.Fprintf(b.log, "  %-18s %8.2f ms sequential %8.2f ms parallel\n", m[0].Query, 1000*best(m[0].Seconds), 1000*best(m[1].Seconds))
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

// ours is the queries on locuskit, sequential and parallel.
func ours(ctx context.Context, dir string) (forms [2][]query, err error) {
	visits, err := table.ReadParquetParallel(ctx, filepath.Join(dir, "visits.parquet"))
	if err != nil {
		return forms, err
	}
	h2o, err := table.ReadParquetParallel(ctx, filepath.Join(dir, "h2o.parquet"))
	if err != nil {
		return forms, err
	}
	trips, err := table.ReadParquetParallel(ctx, filepath.Join(dir, "trips.parquet"))
	if err != nil {
		return forms, err
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
		if forms[i], err = queriesOn(run(visits), run(h2o), from, dir); err != nil {
			return forms, err
		}
		forms[i] = append(forms[i], diverse(dir, run(trips), run(zones), from)...)
	}
	return forms, nil
}

func queriesOn(visits, h2o table.Table, from read, dir string) ([]query, error) {
	csv, parquet := filepath.Join(dir, "visits.csv"), filepath.Join(dir, "visits.parquet")
	sums := visits.GroupSum("geo_id", "visits")
	totals := sums.Rename("visits", "total")
	limit, err := sums.Median("visits")
	if err != nil {
		return nil, err
	}
	top := figures(rows, first("visits"), sum("visits"))
	some := figures(rows, sum("visits"))
	sumsOf := figures(rows, sum("visits"), squares("visits"))
	tab := func(name string, f func() table.Table, answer func(table.Table) ([]float64, error)) query {
		return query{name, func(context.Context) (func() ([]float64, error), error) {
			t := f()
			return func() ([]float64, error) { return answer(t) }, t.Err()
		}}
	}
	file := func(name string, f func(context.Context) (table.Table, error), answer func(table.Table) ([]float64, error)) query {
		return query{name, func(ctx context.Context) (func() ([]float64, error), error) {
			t, err := f(ctx)
			return func() ([]float64, error) { return answer(t) }, err
		}}
	}
	number := func(name string, f func() ([]float64, error)) query {
		return query{name, func(context.Context) (func() ([]float64, error), error) {
			v, err := f()
			return func() ([]float64, error) { return v, nil }, err
		}}
	}
	s, m := table.Sum, table.Mean
	return []query{
		number("distinct", func() ([]float64, error) {
			n, err := visits.UniqueCounts("geo_id", "poi_id")
			return []float64{float64(n["geo_id"]), float64(n["poi_id"])}, err
		}),
		tab("group sum", func() table.Table { return visits.GroupSum("geo_id", "visits") }, sumsOf),
		tab("top 0.5 %", func() table.Table {
			q, err := sums.Quantile("visits", 0.995)
			if err != nil {
				return table.Table{}
			}
			return sums.Where("visits", ">", q).Sort("-visits").WithIndex("index")
		}, top),
		tab("above limit", func() table.Table {
			return sums.Where("visits", ">", int(limit)).Sort("-visits").WithIndex("index")
		}, top),
		tab("means", func() table.Table { return visits.Drop("geo_id").Means() }, func(t table.Table) ([]float64, error) {
			v, _, err := t.Floats("mean")
			return v, err
		}),
		tab("filter", func() table.Table { return visits.Where("visits", ">", 8) }, some),
		number("quantile", func() ([]float64, error) {
			q, err := visits.Quantile("visits", 0.995)
			return []float64{q}, err
		}),
		tab("sort", func() table.Table { return visits.Sort("-visits", "geo_id") }, eighths("visits")),
		tab("join", func() table.Table { return visits.Join(totals, "geo_id") }, figures(rows, sum("total"))),
		file("CSV read", func(ctx context.Context) (table.Table, error) { return from.csv(ctx, csv) }, some),
		file("Parquet read", func(ctx context.Context) (table.Table, error) { return from.parquet(ctx, parquet) }, some),
		file("CSV group sum", func(ctx context.Context) (table.Table, error) { return from.sum(ctx, table.ScanCSV(csv)) }, sumsOf),
		file("Parquet group sum", func(ctx context.Context) (table.Table, error) {
			return from.sum(ctx, table.ScanParquet(parquet))
		}, sumsOf),
		tab("q1", func() table.Table { return h2o.GroupBy("id1").Agg(s("v1")) }, figures(rows, sum("v1_sum"))),
		tab("q2", func() table.Table { return h2o.GroupBy("id1", "id2").Agg(s("v1")) }, figures(rows, sum("v1_sum"))),
		tab("q3", func() table.Table { return h2o.GroupBy("id3").Agg(s("v1"), m("v3")) }, figures(rows, sum("v1_sum"), sum("v3_mean"))),
		tab("q4", func() table.Table { return h2o.GroupBy("id4").Agg(m("v1"), m("v2"), m("v3")) },
			figures(rows, sum("v1_mean"), sum("v2_mean"), sum("v3_mean"))),
		tab("q5", func() table.Table { return h2o.GroupBy("id6").Agg(s("v1"), s("v2"), s("v3")) },
			figures(rows, sum("v1_sum"), sum("v2_sum"), sum("v3_sum"))),
	}, nil
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
