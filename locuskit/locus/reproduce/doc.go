// Package reproduce measures the tutorial's comparisons again: each of its steps in
// locuskit's sequential and its parallel form and, where Python is there, in the
// tutorial's own way with requests and pandas, all against the same service in
// one run. Results that are not the same everywhere fail it.
//
// It knows nothing of notebooks or kernels.
package reproduce

import (
	"context"
	"fmt"
	"time"

	"locuslab/locuskit"
)

// Options say what is measured.
type Options struct {
	Client *locuskit.Client
	// URL and Token are the service's, for Python.
	URL, Token string
	// Speed is how much faster than the tutorial's service this one answers.
	Speed float64
	// Embedded says that the service's data are the tutorial's, so that its counts
	// must come out.
	Embedded bool
	// Workers is how many requests are under way at a time in parallel forms.
	Workers int
	// Python is an interpreter with requests and pandas; empty does without.
	Python string
	// Step is called around each step, with its name; an error of do is the
	// step's. It may be nil.
	Step func(name string, do func() error) error
}

// Steps returns how often Options.Step is called.
func (o Options) Steps() int {
	if o.Python == "" {
		return len(tutorial)
	}
	return 2 * len(tutorial)
}

// repeats is how often a step without requests is measured; the median counts.
const repeats = 7

// Run measures everything. At speed 1 that takes some two minutes, twice that with
// Python.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Step == nil {
		o.Step = func(_ string, do func() error) error { return do() }
	}
	report := Report{
		Date: time.Now(), Machine: Machine(), Speed: o.Speed, Workers: o.Workers, Python: o.Python != "",
	}
	ours, err := measureOurs(ctx, o)
	if err != nil {
		return Report{}, err
	}
	python := make([]outcome, len(tutorial))
	if o.Python != "" {
		if python, err = measurePython(ctx, o); err != nil {
			return Report{}, err
		}
	}
	for i, s := range tutorial {
		if o.Embedded {
			if err := s.check(ours[i].result); err != nil {
				return Report{}, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		if o.Python != "" {
			if err := python[i].result.same(ours[i].result); err != nil {
				return Report{}, fmt.Errorf("%s: Python and Go do not find the same: %w", s.name, err)
			}
		}
		report.Rows = append(report.Rows, Row{
			Step: s.name, Found: s.found(ours[i].result), Fetch: s.fetch,
			Tutorial: s.tutorial, TutorialParallel: s.parallel,
			Python: python[i].sequential, PythonParallel: python[i].parallel,
			Ours: ours[i].sequential, OursParallel: ours[i].parallel,
		})
	}
	return report, nil
}

// outcome is what one step took and what it found.
type outcome struct {
	sequential, parallel time.Duration // 0 where there is no such form
	result               result
}
