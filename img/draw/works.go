package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"locuslab/locuskit/table"
)

// largestRows is the number of rows that the picture ends with.
const largestRows = 10_000_000

// The first work is measured over more and more rows, the others over the most.
var works = []struct {
	name string
	run  func(visits, codes table.Table) table.Table
}{
	// The values of each code are put together and partly sorted.
	{"the median", func(visits, _ table.Table) table.Table { return visits.GroupBy("geo_id").Agg(table.Median("visits")) }},
	{"different users", func(visits, _ table.Table) table.Table { return visits.GroupBy("geo_id").Agg(table.NUnique("user")) }},
	// A million groups: each value goes to another place in memory.
	{"a mean for each user", func(visits, _ table.Table) table.Table { return visits.GroupBy("user").Agg(table.Mean("visits")) }},
	{"join and sort", func(visits, codes table.Table) table.Table { return visits.Join(codes, "geo_id").Sort("-visits") }},
	// The counter-example: a sum reads, adds, and waits for the memory, which all cores share.
	{"the sum", func(visits, _ table.Table) table.Table { return visits.GroupSum("geo_id", "visits") }},
}

// measureWorks measures the works over tables of visits to the tutorial's number of codes, each round for at least so long.
func measureWorks(most int, atLeast time.Duration) ([]work, error) {
	var found []work
	for _, rows := range []int{most / 1000, most / 100, most / 10, most} {
		visits, codes, err := visitsToCodes(rows)
		if err != nil {
			return nil, err
		}
		for i, w := range works {
			if i > 0 && rows < most {
				break
			}
			measured, err := measureWork(work{Name: w.name, Rows: rows}, atLeast, func(parallel bool) table.Table {
				if parallel {
					return w.run(visits.Parallel(), codes)
				}
				return w.run(visits, codes)
			})
			if err != nil {
				return nil, fmt.Errorf("%s of %d rows: %w", w.name, rows, err)
			}
			found = append(found, measured)
		}
	}
	return found, nil
}

// measureWork measures both forms of w, and again while they have not settled, three times at most: it may be that the machine is
// quiet a little later.
func measureWork(w work, atLeast time.Duration, run func(parallel bool) table.Table) (work, error) {
	for range 3 {
		var err error
		if w.Sequential, w.Parallel, err = timeForms(atLeast, run); err != nil {
			return w, err
		}
		fmt.Fprintf(os.Stderr, "%s, %d rows: one goroutine %.3f to %.3f ms, one for each core %.3f to %.3f, the fastest of five rounds, %d runs\n",
			w.Name, w.Rows, w.Sequential.Best, w.Sequential.Slowest, w.Parallel.Best, w.Parallel.Slowest, w.Sequential.Runs)
		if w.settled() == nil {
			break
		}
	}
	return w, nil
}

// timeForms runs both forms by turns, so that what disturbs one disturbs the other, in five rounds: each for as long as it is
// told, and ten times at least.
func timeForms(atLeast time.Duration, run func(parallel bool) table.Table) (one, all timing, err error) {
	var rounds [2][][]float64
	for range 5 {
		var took [2][]float64
		for begin := time.Now(); len(took[0]) < 10 || time.Since(begin) < atLeast; {
			for i := range took {
				begin := time.Now()
				if err := run(i == 1).Err(); err != nil {
					return one, all, err
				}
				took[i] = append(took[i], float64(time.Since(begin).Microseconds())/1e3)
			}
		}
		rounds[0], rounds[1] = append(rounds[0], took[0]), append(rounds[1], took[1])
	}
	return timingOf(rounds[0]), timingOf(rounds[1]), nil
}

// visitsToCodes makes a table of visits, and one of every fourth code.
func visitsToCodes(rows int) (visits, some table.Table, err error) {
	names := make([]string, 12_514)
	var fourth []string
	for k := range names {
		names[k] = fmt.Sprintf("L%02dB%dC%d", k/1000, k/10%100, k%10)
		if k%4 == 0 {
			fourth = append(fourth, names[k])
		}
	}
	r := rand.New(rand.NewPCG(2163, 1))
	keys, users, values := make([]string, rows), make([]int64, rows), make([]int64, rows)
	for i := range rows {
		keys[i], users[i], values[i] = names[r.IntN(len(names))], r.Int64N(int64(max(rows/10, 1))), r.Int64N(1_000_000)
	}
	if visits, err = table.New([]string{"geo_id", "user", "visits"}, keys, users, values); err != nil {
		return visits, some, err
	}
	some, err = table.New([]string{"geo_id"}, fourth)
	return visits, some, err
}
