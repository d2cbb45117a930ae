package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"

	"locuslab/locuskit/table"
)

// Data that the engines' authors, this one among them, did not tune for: integer keys, very many users, words by
// Zipf's law, floats with nulls, and texts of few, of many and of hardly any repeated values.

// trips are rides of users between zones.
func trips(rows int) (table.Table, error) {
	r := rand.New(rand.NewPCG(265, 1))
	words := rand.NewZipf(r, 1.3, 1, 99_999)
	users := max(1, rows/5)
	zone, user, word, day, fare := make([]int64, rows), make([]string, rows), make([]string, rows), make([]string, rows), make([]float64, rows)
	for i := range rows {
		zone[i] = 1 + r.Int64N(265)
		user[i] = fmt.Sprintf("u%08d", r.IntN(users))
		word[i] = fmt.Sprintf("word%d", words.Uint64()*7919%100_000)
		day[i] = fmt.Sprintf("2024-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))
		fare[i] = math.Round(r.ExpFloat64()*1600) / 100
		if r.IntN(20) == 0 {
			fare[i] = math.NaN() // made null below
		}
	}
	t, err := table.New([]string{"zone", "user", "word", "day", "fare"}, zone, user, word, day, fare)
	if err != nil {
		return t, err
	}
	return withNulls(t, "fare")
}

// withNulls is t with nulls for the NaNs of a column.
func withNulls(t table.Table, name string) (table.Table, error) {
	t = t.WithIndex("row")
	some := t.Select("row", name).Where(name, ">=", 0.0)
	t = t.Drop(name).LeftJoin(some, "row").Drop("row")
	return t, t.Err()
}

// texts is a table of two columns of texts, short and long, of so many values each.
func texts(values int) func(rows int) (table.Table, error) {
	return func(rows int) (table.Table, error) {
		r := rand.New(rand.NewPCG(uint64(values), 1))
		short, long, v, x := make([]string, rows), make([]string, rows), make([]int64, rows), make([]float64, rows)
		for i := range rows {
			short[i] = fmt.Sprintf("%x", uint64(r.IntN(values))*2654435761%(1<<28))
			long[i] = fmt.Sprintf("https://example.org/item/%012d/page", r.IntN(values))
			v[i], x[i] = r.Int64N(1_000_000_000), r.Float64()
			if r.IntN(20) == 0 {
				x[i] = math.NaN()
			}
		}
		t, err := table.New([]string{"short", "long", "v", "x"}, short, long, v, x)
		if err != nil {
			return t, err
		}
		return withNulls(t, "x")
	}
}

// boroughs is the zones' boroughs, of which there are six.
func boroughs() (table.Table, error) {
	zone, borough := make([]int64, 265), make([]string, 265)
	for i := range zone {
		zone[i], borough[i] = int64(i+1), fmt.Sprintf("borough %d", i%6)
	}
	return table.New([]string{"zone", "borough"}, zone, borough)
}

// diverse is the queries on trips.
func diverse(trips, zones table.Table) []query {
	sumFare, meanFare := table.Sum("fare"), table.Mean("fare")
	return []query{
		onTable("by zone", func() table.Table { return trips.GroupBy("zone").Agg(sumFare, meanFare, table.Max("fare")) },
			figures(rows, sum("fare_sum"), sum("fare_mean"), sum("fare_max"))),
		onTable("by user", func() table.Table { return trips.GroupBy("user").Agg(table.Count("fare"), sumFare) },
			figures(rows, sum("fare_count"), sum("fare_sum"))),
		onTable("medians", func() table.Table {
			return trips.GroupBy("zone", "day").Agg(table.Median("fare"), table.Std("fare"))
		}, figures(rows, sum("fare_median"), sum("fare_std"))),
		onTable("distinct by word", func() table.Table { return trips.GroupBy("word").Agg(table.NUnique("zone")) },
			figures(rows, sum("zone_nunique"))),
		onTable("join zones", func() table.Table { return trips.Join(zones, "zone").GroupBy("borough").Agg(sumFare) },
			figures(rows, sum("fare_sum"))),
		onTable("sort floats", func() table.Table { return trips.Where("fare", ">", 0).Sort("fare") }, eighths("fare")),
		onTable("filter floats", func() table.Table { return trips.Where("fare", ">", 20) }, figures(rows, sum("fare"))),
	}
}

// sparseIDs is the trips by integers far from each other: id is the user's, of whom there are many, and few the zone's.
func sparseIDs(trips table.Table) table.Table {
	return trips.WithParallel("id", func(r table.Row) (int64, bool) {
		user, err := strconv.ParseInt(r.String("user")[1:], 10, 64)
		return user * 1_000_003, err == nil
	}).WithParallel("few", func(r table.Row) int64 { return r.Int("zone") * 1_000_003 }).Select("id", "few", "fare")
}

// sparse is the queries on those.
func sparse(ids table.Table) []query {
	by := func(name, key string) query {
		return onTable(name, func() table.Table { return ids.GroupBy(key).Agg(table.Count("fare"), table.Sum("fare")) },
			figures(rows, sum("fare_count"), sum("fare_sum")))
	}
	return []query{by("by id", "id"), by("by few ids", "few")}
}

// diverseFiles is the queries on that data's files: reading them, and grouping what was read.
func diverseFiles(dir string, from read) []query {
	var list []query
	for _, form := range []struct {
		name, ending string
		read         func(context.Context, string) (table.Table, error)
	}{{"Parquet", ".parquet", from.parquet}, {"CSV", ".csv", from.csv}} {
		read := func(data string) func(context.Context) (table.Table, error) {
			return func(ctx context.Context) (table.Table, error) {
				return form.read(ctx, filepath.Join(dir, data+form.ending))
			}
		}
		list = append(list, onFile("trips "+form.name, read("trips"), figures(rows, sum("fare"))))
		for _, data := range []string{"low", "middle", "high"} {
			grouped := func(ctx context.Context) (table.Table, error) {
				t, err := read(data)(ctx)
				if from.parallel {
					t = t.Parallel()
				}
				return t.GroupBy("short").Agg(table.Sum("v").As("v")), err
			}
			list = append(list, onFile(data+" "+form.name, read(data), figures(rows, sum("v"))),
				onFile(data+" "+form.name+" grouped", grouped, figures(rows, sum("v"), squares("v"))))
		}
	}
	return list
}
