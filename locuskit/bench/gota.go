package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"locuslab/locuskit/table"
	"locuslab/locuskit/table/gotatable"
)

// gota is the queries that gota has, for sizes that it can take. Its join is not among
// them: it compares every row with every other, which takes half an hour at a million.
func gota(ctx context.Context, dir string) ([]query, error) {
	t, err := table.ReadParquet(ctx, filepath.Join(dir, "visits.parquet"))
	if err != nil {
		return nil, err
	}
	df := gotatable.DataFrame(ctx, t)
	if df.Err != nil {
		return nil, df.Err
	}
	grouped := func(df dataframe.DataFrame) dataframe.DataFrame {
		return df.GroupBy("geo_id").Aggregation([]dataframe.AggregationType{dataframe.Aggregation_SUM}, []string{"visits"})
	}
	sums := grouped(df)
	if sums.Err != nil {
		return nil, sums.Err
	}
	limit := sums.Col("visits_SUM").Median()
	read := func() (dataframe.DataFrame, error) {
		f, err := os.Open(filepath.Join(dir, "visits.csv"))
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		defer f.Close()
		df := dataframe.ReadCSV(f)
		return df, df.Err
	}
	above := func(df dataframe.DataFrame, column string, limit float64) dataframe.DataFrame {
		return df.Filter(dataframe.F{Colname: column, Comparator: series.Greater, Comparando: limit})
	}
	frame := func(name string, run func() (dataframe.DataFrame, error), answer func(dataframe.DataFrame) []float64) query {
		return query{name, func(context.Context) (func() ([]float64, error), error) {
			df, err := run()
			if err == nil {
				err = df.Err
			}
			return func() ([]float64, error) { return answer(df), nil }, err
		}}
	}
	top := func(df dataframe.DataFrame) []float64 {
		v := df.Col("visits_SUM")
		return []float64{float64(df.Nrow()), v.Elem(0).Float(), v.Sum()}
	}
	groups := func(df dataframe.DataFrame) []float64 {
		var total, squared float64
		for _, v := range df.Col("visits_SUM").Float() {
			total += v
			squared += v * v
		}
		return []float64{float64(df.Nrow()), total, squared}
	}
	some := func(df dataframe.DataFrame) []float64 {
		return []float64{float64(df.Nrow()), df.Col("visits").Sum()}
	}
	return []query{
		frame("group sum", func() (dataframe.DataFrame, error) { return grouped(df), nil }, groups),
		frame("above limit", func() (dataframe.DataFrame, error) {
			return above(sums, "visits_SUM", float64(int(limit))).Arrange(dataframe.RevSort("visits_SUM")), nil
		}, top),
		{"means", func(context.Context) (func() ([]float64, error), error) {
			poi, visits := df.Col("poi_id").Mean(), df.Col("visits").Mean()
			return func() ([]float64, error) { return []float64{poi, visits}, nil }, nil
		}},
		frame("filter", func() (dataframe.DataFrame, error) { return above(df, "visits", 8), nil }, some),
		frame("sort", func() (dataframe.DataFrame, error) {
			return df.Arrange(dataframe.RevSort("visits"), dataframe.Sort("geo_id")), nil
		}, func(df dataframe.DataFrame) []float64 {
			var out []float64
			for i := range 8 {
				out = append(out, df.Col("visits").Elem(i*(df.Nrow()-1)/7).Float())
			}
			return out
		}),
		frame("CSV read", read, some),
		frame("CSV group sum", func() (dataframe.DataFrame, error) {
			df, err := read()
			if err != nil {
				return df, fmt.Errorf("gota: %w", err)
			}
			return grouped(df), nil
		}, groups),
	}, nil
}
