package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"locuslab/locuskit"
)

// measurements are what the charts are drawn from.
type measurements struct {
	Date      string // day of the measurement
	Machine   string // processor and number of cores
	GroupSums []groupSum
	// Outlines of the lesson's 63 postal codes, at the tutorial's pace.
	Sequential, Parallel []request
	Calls                []calls // of table methods, the most used first
}

// groupSum is how long a group by took over so many rows.
type groupSum struct {
	Rows                 int
	Sequential, Parallel float64 // milliseconds
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
