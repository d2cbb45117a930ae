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
		fmt.Fprintf(os.Stderr, "group by over %d rows…\n", rows)
		g, err := measureGroupSum(rows)
		if err != nil {
			return m, err
		}
		m.GroupSums = append(m.GroupSums, g)
	}
	fmt.Fprintln(os.Stderr, "outlines at the tutorial's pace…")
	var err error
	if m.Sequential, m.Parallel, err = measureOutlines(ctx); err != nil {
		return m, err
	}
	m.Calls, err = countCalls(checkout)
	return m, err
}

func measureGroupSum(rows int) (groupSum, error) {
	const codes, repeats = 12_514, 100 // the shortest counts: others use the machine, too
	r := rand.New(rand.NewPCG(2163, 1))
	keys, values := make([]string, rows), make([]int64, rows)
	for i := range rows {
		k := r.IntN(codes)
		keys[i], values[i] = fmt.Sprintf("L%dB%dC%d", k/1000, k/10%100, k%10), r.Int64N(10)
	}
	t, err := table.New([]string{"geo_id", "visits"}, keys, values)
	if err != nil {
		return groupSum{}, err
	}
	g := groupSum{Rows: rows, Sequential: math.Inf(1), Parallel: math.Inf(1)}
	for range repeats {
		for _, way := range []struct {
			sum  func() table.Table
			best *float64
		}{
			{func() table.Table { return t.GroupSum("geo_id", "visits") }, &g.Sequential},
			{func() table.Table { return t.GroupSumParallel("geo_id", "visits") }, &g.Parallel},
		} {
			begin := time.Now()
			if err := way.sum().Err(); err != nil {
				return g, err
			}
			*way.best = min(*way.best, float64(time.Since(begin).Microseconds())/1e3)
		}
	}
	return g, nil
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
