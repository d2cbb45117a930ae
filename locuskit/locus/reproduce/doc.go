// Package reproduce measures the tutorial's comparisons again: each of its steps in
// locuskit's sequential and its parallel form and, where Python is there, in the
// tutorial's own way with requests and pandas, and on a Spark cluster if there is one,
// all against the same service in one run. Results that are not the same everywhere fail it.
//
// It knows nothing of notebooks or kernels.
package reproduce

import (
	"context"
	"fmt"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/spark"
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
	// Cluster is a Spark cluster to measure the steps on tables on; nil does without.
	Cluster *spark.Cluster
	// Step is called around each step, with its name; an error of do is the
	// step's. It may be nil.
	Step func(name string, do func() error) error
}

// Steps returns how often Options.Step is called.
func (o Options) Steps() int {
	n := len(tutorial)
	if o.Python != "" {
		n += len(tutorial)
	}
	if o.Cluster != nil {
		n += clusterSteps
	}
	return n
}

// A step without requests is measured so often, and on a cluster less; the median counts.
const (
	repeats        = 101
	clusterRepeats = 7
)

// Run measures everything. At speed 1 that takes some two minutes, twice that with
// Python.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Step == nil {
		o.Step = func(_ string, do func() error) error { return do() }
	}
	report := Report{
		Date: time.Now(), Machine: Machine(), Speed: o.Speed, Workers: o.Workers, Python: o.Python != "", Cluster: o.Cluster != nil,
	}
	ours, run, err := measureOurs(ctx, o)
	if err != nil {
		return Report{}, err
	}
	python := make([]outcome, len(tutorial))
	if o.Python != "" {
		if python, err = measurePython(ctx, o); err != nil {
			return Report{}, err
		}
	}
	cluster := make([]outcome, len(tutorial))
	if o.Cluster != nil {
		if cluster, err = measureCluster(ctx, o, run); err != nil {
			return Report{}, err
		}
	}
	for i, s := range tutorial {
		if found := cluster[i].result; found != nil {
			if err := found.same(ours[i].result); err != nil {
				return Report{}, fmt.Errorf("%s: %w: %w", s.name, errClusterDiffers, err)
			}
		}
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
			Cluster: cluster[i].sequential,
		})
	}
	return report, nil
}

// outcome is what one step took and what it found.
type outcome struct {
	sequential, parallel time.Duration // 0 where there is no such form
	result               result
}
