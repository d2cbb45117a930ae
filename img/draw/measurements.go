package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"locuslab/locuskit"
)

// measurements are what the charts are drawn from.
type measurements struct {
	Date    string // day of the measurement
	Machine string // processor and number of cores
	Works   []work
	// Outlines of the lesson's 63 postal codes, at the tutorial's pace.
	Sequential, Parallel []request
	Calls                []calls // of table methods, the most used first
}

// work is how long an aggregation took over so many rows.
type work struct {
	Name                 string
	Rows                 int
	Sequential, Parallel timing
}

// timing is of several rounds of runs, each of which has its fastest run, in milliseconds: others use the machine, too, and what
// they take is only ever added. What is shown is the fastest of all; how far the rounds are apart tells how far another
// measurement would be from it.
type timing struct {
	Runs          int
	Best, Slowest float64 // of the rounds' fastest runs
}

// timingOf takes what the runs of each round took.
func timingOf(rounds [][]float64) timing {
	t := timing{Best: math.Inf(1)}
	for _, took := range rounds {
		t.Runs += len(took)
		t.Best, t.Slowest = min(t.Best, slices.Min(took)), max(t.Slowest, slices.Min(took))
	}
	return t
}

// settled returns an error if what a picture would show of w is not larger than what the runs differ by: the next
// measurement could show the opposite. Bars that differ by less than a tenth look alike, and runs may differ by as much.
func (w work) settled() error {
	shown := math.Abs(w.Sequential.Best - w.Parallel.Best)
	spread := max(w.Sequential.Slowest-w.Sequential.Best, w.Parallel.Slowest-w.Parallel.Best)
	if w.Sequential.Best <= 0 || w.Parallel.Best <= 0 || spread > shown && spread > 0.1*min(w.Sequential.Best, w.Parallel.Best) {
		return fmt.Errorf("%s of %d rows: one core %.3g to %.3g ms, all cores %.3g to %.3g ms in rounds of together %d runs: they differ by more than the difference that the picture would show; measure on a quiet machine, with go run ./img/draw -measure",
			w.Name, w.Rows, w.Sequential.Best, w.Sequential.Slowest, w.Parallel.Best, w.Parallel.Slowest, w.Sequential.Runs)
	}
	return nil
}

// settled returns why nothing should be drawn of m, if there is a reason.
func (m measurements) settled() error {
	if len(m.Works) == 0 {
		return errors.New("it holds no work; measure on a quiet machine, with go run ./img/draw -measure")
	}
	var all []error
	for _, w := range m.Works {
		all = append(all, w.settled())
	}
	return errors.Join(all...)
}

// request is one request: times in milliseconds from the first.
type request struct{ Start, Took float64 }

// calls is how often a method is called.
type calls struct {
	Method string
	Count  int
}

const measurementsFile = "measurements.json"

func readMeasurements(dir string) (measurements, error) {
	var m measurements
	text, err := os.ReadFile(filepath.Join(dir, measurementsFile))
	if err != nil {
		return m, fmt.Errorf("read what was measured: %w; measure with: go run ./img/draw -measure", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read what was measured: %s: %w", measurementsFile, err)
	}
	if err := m.settled(); err != nil {
		return m, fmt.Errorf("%s: %w", measurementsFile, err)
	}
	return m, nil
}

func (m measurements) write(dir string) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, measurementsFile), append(text, '\n'), 0o644)
}

// sent is a list of requests as a timeline takes it.
func sent(list []request) []locuskit.Sent {
	var all []locuskit.Sent
	for _, r := range list {
		all = append(all, locuskit.Sent{Start: time.Time{}.Add(milliseconds(r.Start)), Took: milliseconds(r.Took), Attempt: 1})
	}
	return all
}

func milliseconds(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
