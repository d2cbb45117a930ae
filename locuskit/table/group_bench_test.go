package table_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"locuslab/locuskit/table"
)

const benchRows = 10_000_000

// visitsTable is rows of the lesson's shape: 12,514 skewed postal codes, 51
// places, visits.
var visitsTable = sync.OnceValue(func() table.Table { return makeVisits(benchRows) })

func makeVisits(rows int) table.Table {
	r := rand.New(rand.NewPCG(1, 2))
	names := make([]string, 12514)
	for i := range names {
		names[i] = fmt.Sprintf("%c%d%c%d%c%d", 'K'+i%5, i/5%10, 'A'+i/50%20, i/1000%10, 'A'+i/10000%26, i%7)
	}
	geo, poi, visits := make([]string, rows), make([]int64, rows), make([]int64, rows)
	for i := range geo {
		geo[i] = names[int(math.Pow(r.Float64(), 2)*float64(len(names)))]
		poi[i] = r.Int64N(51)
		visits[i] = int64(1 + r.ExpFloat64()*4)
	}
	t, err := table.New([]string{"geo_id", "poi_id", "visits"}, geo, poi, visits)
	if err != nil {
		panic(err)
	}
	return t
}

// rates adds what a second gets through.
func rates(b *testing.B, rows, bytes int) {
	b.SetBytes(int64(bytes))
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkGroupSum(b *testing.B) {
	t := visitsTable()
	t.GroupSum("geo_id", "visits")
	for _, run := range []struct {
		name string
		f    func() table.Table
	}{
		{"sequential", func() table.Table { return t.GroupSum("geo_id", "visits") }},
		{"parallel", func() table.Table { return t.GroupSumParallel("geo_id", "visits") }},
	} {
		b.Run(run.name, func(b *testing.B) {
			for b.Loop() {
				if err := run.f().Err(); err != nil {
					b.Fatal(err)
				}
			}
			rates(b, benchRows, benchRows*12)
		})
	}
}
