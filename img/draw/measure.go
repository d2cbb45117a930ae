package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locus/reproduce"
	"locuslab/locuskit/locustest"
	"locuslab/locuskit/table"
)

// measure measures on this machine.
func measure(ctx context.Context, checkout string) (measurements, error) {
	m := measurements{Date: time.Now().Format("2 January 2006"), Machine: reproduce.Machine()}
	for _, rows := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		works := []string{mediansByCode}
		if rows == 10_000_000 {
			works = append(works, sumsByCode)
		}
		found, err := measureWorks(rows, works)
		if err != nil {
			return m, err
		}
		m.Works = append(m.Works, found...)
	}
	if err := m.settled(); err != nil {
		return m, err
	}
	fmt.Fprintln(os.Stderr, "outlines at the tutorial's pace…")
	var err error
	if m.Sequential, m.Parallel, err = measureOutlines(ctx); err != nil {
		return m, err
	}
	m.Calls, err = countCalls(checkout)
	return m, err
}

// The works. A median computes: the values of each group are put together and sorted. A sum reads, adds, and waits for the memory,
// which all cores share.
const (
	mediansByCode = "median by code"
	sumsByCode    = "sum by code"
)

// measureWorks measures works over a table of visits to the tutorial's number of codes.
func measureWorks(rows int, works []string) ([]work, error) {
	const codes = 12_514
	r := rand.New(rand.NewPCG(2163, 1))
	keys, values := make([]string, rows), make([]int64, rows)
	for i := range rows {
		k := r.IntN(codes)
		keys[i], values[i] = fmt.Sprintf("L%dB%dC%d", k/1000, k/10%100, k%10), r.Int64N(1_000_000)
	}
	t, err := table.New([]string{"geo_id", "visits"}, keys, values)
	if err != nil {
		return nil, err
	}
	var found []work
	for _, name := range works {
		fmt.Fprintf(os.Stderr, "%s over %d rows…\n", name, rows)
		of := table.Median("visits")
		if name == sumsByCode {
			of = table.Sum("visits")
		}
		// Large ones take longer: as many runs as there is time for, a hundred at most.
		var one, all []float64
		for begin := time.Now(); len(one) < 100 && (len(one) < 20 || time.Since(begin) < 20*time.Second); {
			for _, way := range []struct {
				groups func(...table.Aggregate) table.Table
				took   *[]float64
			}{{t.GroupBy("geo_id").Agg, &one}, {t.GroupBy("geo_id").AggParallel, &all}} {
				begin := time.Now()
				if err := way.groups(of).Err(); err != nil {
					return nil, err
				}
				*way.took = append(*way.took, float64(time.Since(begin).Microseconds())/1e3)
			}
		}
		w := work{name, rows, timingOf(one), timingOf(all)}
		fmt.Fprintf(os.Stderr, "  one core %.3f to %.3f ms, all cores %.3f to %.3f, the fastest tenth of %d\n",
			w.Sequential.Best, w.Sequential.Slowest, w.Parallel.Best, w.Parallel.Slowest, len(one))
		found = append(found, w)
	}
	return found, nil
}

// measureOutlines fetches the outlines of the lesson's top postal codes one after
// another and eight at a time.
func measureOutlines(ctx context.Context) (sequential, parallel []request, err error) {
	service := locustest.New(locustest.Speed(1))
	defer service.Close()
	client, err := locuskit.New(locuskit.WithURL(service.URL), locuskit.WithToken(service.Token))
	if err != nil {
		return nil, nil, err
	}
	defer client.Close()
	codes, err := topCodes(ctx, client)
	if err != nil {
		return nil, nil, err
	}
	before := len(client.Timeline())
	if _, err := client.GeoJSON(ctx, codes); err != nil {
		return nil, nil, err
	}
	between := len(client.Timeline())
	if _, err := client.GeoJSONParallel(ctx, codes, locuskit.Workers(8)); err != nil {
		return nil, nil, err
	}
	all := client.Timeline()
	return requests(all[before:between]), requests(all[between:]), nil
}

func topCodes(ctx context.Context, client *locuskit.Client) ([]string, error) {
	frequencies, err := client.AOIFrequencies(ctx, 2163)
	if err != nil {
		return nil, err
	}
	visits, err := client.Dataset(ctx, "eq", 2163, frequencies[5].Range)
	if err != nil {
		return nil, err
	}
	perCode := visits.GroupSum("geo_id", "visits")
	limit, err := perCode.Quantile("visits", 0.995)
	if err != nil {
		return nil, err
	}
	return perCode.Where("visits", ">", limit).Strings("geo_id")
}

func requests(sent []locuskit.Sent) []request {
	var list []request
	for _, s := range sent {
		list = append(list, request{rounded(s.Start.Sub(sent[0].Start)), rounded(s.Took)})
	}
	return list
}

// rounded is in milliseconds, to a hundredth.
func rounded(d time.Duration) float64 {
	return math.Round(d.Seconds()*1e5) / 100
}
