package main

import (
	"fmt"
	"time"

	"locuslab/locuskit/chart"
)

// largeDataset shows what more rows cost, and what all cores gain: work that computes, and below it a sum, which does not.
func largeDataset(m measurements) drawing {
	b := chart.Bars{
		Title: fmt.Sprintf("More and more rows (%s)", m.Machine),
		Unit:  "ms", Log: true,
		Series: []chart.Series{{Name: "one goroutine"}, {Name: "a goroutine for each core"}},
	}
	for _, w := range m.Works {
		label := w.Name + ", " + thousands(w.Rows)
		b.Labels = append(b.Labels, label)
		b.Series[0].Values = append(b.Series[0].Values, w.Sequential.Best)
		b.Series[1].Values = append(b.Series[1].Values, w.Parallel.Best)
	}
	return b
}

// thousands writes a number of rows in words where it is round.
func thousands(n int) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%d million", n/1_000_000)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%d,000", n/1000)
	}
	return fmt.Sprint(n)
}

// dataFrameCalls shows which methods of a table are used most.
func dataFrameCalls(m measurements) drawing {
	b := chart.Bars{Title: "Table methods, by how often the lessons and tests call them", Series: make([]chart.Series, 1)}
	for _, c := range m.Calls[:min(len(m.Calls), 14)] {
		b.Labels = append(b.Labels, c.Method)
		b.Series[0].Values = append(b.Series[0].Values, float64(c.Count))
	}
	return b
}

// runSequential and runParallel have one axis, so that they can be compared.
func runSequential(m measurements) drawing {
	return chart.Timeline{Title: "63 outlines, one after another", Requests: sent(m.Sequential)}
}

func runParallel(m measurements) drawing {
	return chart.Timeline{Title: "63 outlines, eight at a time", Requests: sent(m.Parallel), Span: length(m.Sequential)}
}

// length is from the first request to the end of the last.
func length(list []request) time.Duration {
	end := 0.0
	for _, r := range list {
		end = max(end, r.Start+r.Took)
	}
	return milliseconds(end)
}
