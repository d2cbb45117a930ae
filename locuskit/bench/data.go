package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"locuslab/locuskit/table"
)

const codes = 12514 // postal codes of the lesson's dataset

// makeData makes the files of so many rows, once.
func makeData(ctx context.Context, log io.Writer, dir string, rows int) error {
	for name, make := range map[string]func(rows int) (table.Table, error){"visits": visits, "h2o": h2o, "trips": trips,
		"low": texts(100), "middle": texts(min(100_000, rows/10)), "high": texts(rows / 5)} {
		path := filepath.Join(dir, name+".parquet")
		if _, err := os.Stat(path); err == nil {
			continue
		}
		fmt.Fprintf(log, "making %s of %d rows…\n", name, rows)
		t, err := make(rows)
		if err != nil {
			return err
		}
		if name != "h2o" {
			if err := t.SaveCSV(ctx, filepath.Join(dir, name+".csv")); err != nil {
				return err
			}
		}
		if err := t.SaveParquet(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// visits has the columns of the lesson: a few codes have most of the rows.
func visits(rows int) (table.Table, error) {
	r := rand.New(rand.NewPCG(2163, 1))
	names := make([]string, codes)
	for i := range names {
		names[i] = fmt.Sprintf("%c%d%c%d%c%d", "KLMNP"[i%5], i/5%10, "ABCEGHJKLMNPRSTVXY"[i/50%18], i/900%10, "ABCEGHJKLMNPRSTVWXYZ"[i/9000%20], i%10)
	}
	geo, poi, count := make([]string, rows), make([]int64, rows), make([]int64, rows)
	for i := range rows {
		at := int(math.Pow(r.Float64(), 2.5) * codes)
		if i < codes {
			at = i // each code occurs
		}
		geo[i], poi[i], count[i] = names[at], 1000+r.Int64N(51), 1+int64(r.ExpFloat64()*4)
	}
	return table.New([]string{"geo_id", "poi_id", "visits"}, geo, poi, count)
}

// h2o is the table of the h2oai db-benchmark's group-by questions, with K = 100
// and no nulls.
func h2o(rows int) (table.Table, error) {
	const k = 100
	r := rand.New(rand.NewPCG(108, 1))
	many := int64(max(1, rows/k))
	text := func(prefix string, of int64) []string {
		names := make([]string, of)
		for i := range names {
			names[i] = fmt.Sprintf(prefix, i+1)
		}
		out := make([]string, rows)
		for i := range out {
			out[i] = names[r.Int64N(of)]
		}
		return out
	}
	whole := func(of int64) []int64 {
		out := make([]int64, rows)
		for i := range out {
			out[i] = 1 + r.Int64N(of)
		}
		return out
	}
	v3 := make([]float64, rows)
	for i := range v3 {
		v3[i] = math.Round(r.Float64()*100*1e6) / 1e6
	}
	return table.New([]string{"id1", "id2", "id3", "id4", "id5", "id6", "v1", "v2", "v3"},
		text("id%03d", k), text("id%03d", k), text("id%010d", many), whole(k), whole(k), whole(many), whole(5), whole(15), v3)
}
