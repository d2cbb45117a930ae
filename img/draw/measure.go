package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locus/reproduce"
	"locuslab/locuskit/locustest"
)

// measure measures on this machine, with tables of at most rows rows.
func measure(ctx context.Context, checkout string, rows int) (measurements, error) {
	m := measurements{Date: time.Now().Format("2 January 2006"), Machine: reproduce.Machine()}
	var err error
	if m.Works, err = measureWorks(rows, time.Second); err != nil {
		return m, err
	}
	if err := m.settled(); err != nil {
		return m, err
	}
	fmt.Fprintln(os.Stderr, "outlines at the tutorial's pace…")
	if m.Sequential, m.Parallel, err = measureOutlines(ctx); err != nil {
		return m, err
	}
	m.Calls, err = countCalls(checkout)
	return m, err
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
