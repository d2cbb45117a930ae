package reproduce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/table"
)

const report2163 locuskit.Report = 2163

// measureOurs runs the steps with locuskit, the sequential form of each, then the
// parallel one.
func measureOurs(ctx context.Context, o Options) ([]outcome, *ourRun, error) {
	r := &ourRun{ctx: ctx, client: o.Client, workers: locuskit.Workers(o.Workers)}
	var outcomes []outcome
	for i, do := range []func() (outcome, error){
		r.connections, r.dataset, r.distinct, r.grouped, r.top, r.outlines, r.demo,
		r.enrichment("Household Income"), r.enrichment("Education Breakdown"), r.enrichment("Resident Age Breakdown"),
	} {
		err := o.Step("Go: "+tutorial[i].name, func() error {
			out, err := do()
			outcomes = append(outcomes, out)
			return err
		})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", tutorial[i].name, err)
		}
	}
	return outcomes, r, nil
}

// ourRun holds what one step hands to the next.
type ourRun struct {
	ctx     context.Context
	client  *locuskit.Client
	workers locuskit.Workers

	visits, perCode, demoCodes table.Table
	topCodes                   []string
}

var errDiffer = errors.New("the parallel form does not find the same as the sequential one")

// timed returns how long one call takes.
func timed(do func() error) (time.Duration, error) {
	begin := time.Now()
	err := do()
	return time.Since(begin), err
}

// once measures two forms of a fetch; what they fetch must be equal.
func once[T any](sequential, parallel func() (T, error)) (T, outcome, error) {
	var one, many T
	var out outcome
	var err error
	out.sequential, err = timed(func() (err error) { one, err = sequential(); return err })
	if err != nil {
		return one, out, err
	}
	out.parallel, err = timed(func() (err error) { many, err = parallel(); return err })
	if err == nil && !reflect.DeepEqual(one, many) {
		err = errDiffer
	}
	return one, out, err
}

// median measures two forms of a computation several times, in turn; what they
// compute must be the same.
func median[T any](sequential, parallel func() (T, error), same func(a, b T) bool) (T, outcome, error) {
	var times [2][]time.Duration
	var found [2]T
	for range repeats {
		for k, form := range []func() (T, error){sequential, parallel} {
			took, err := timed(func() (err error) { found[k], err = form(); return err })
			if err != nil {
				return found[k], outcome{}, err
			}
			times[k] = append(times[k], took)
		}
	}
	out := outcome{sequential: middle(times[0]), parallel: middle(times[1])}
	if !same(found[0], found[1]) {
		return found[0], out, errDiffer
	}
	return found[0], out, nil
}

func middle(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// sameTable compares all values, order included.
func sameTable(a, b table.Table) bool {
	return slices.Equal(a.Columns(), b.Columns()) && reflect.DeepEqual(values(a), values(b))
}

// values are those of a table, row after row.
func values(t table.Table) []any {
	var all []any
	for _, row := range t.All() {
		for _, name := range t.Columns() {
			all = append(all, row.Value(name))
		}
	}
	return all
}

func (r *ourRun) connections() (outcome, error) {
	whitelabels, err := r.client.Whitelabels(r.ctx)
	if err != nil {
		return outcome{}, err
	}
	list, out, err := once(
		func() (locuskit.Connections, error) { return r.client.Connections(r.ctx, whitelabels) },
		func() (locuskit.Connections, error) {
			return r.client.ConnectionsParallel(r.ctx, whitelabels, r.workers)
		})
	out.result = result{float64(len(list))}
	return out, err
}

func (r *ourRun) dataset() (out outcome, err error) {
	frequencies, err := r.client.AOIFrequencies(r.ctx, report2163)
	if err != nil {
		return out, err
	}
	if len(frequencies) < 6 {
		return out, fmt.Errorf("%d spans of time where the tutorial takes the sixth", len(frequencies))
	}
	out.sequential, err = timed(func() error {
		r.visits, err = r.client.Dataset(r.ctx, "eq", report2163, frequencies[5].Range)
		return err
	})
	out.result = result{float64(r.visits.Rows())}
	return out, err
}

func (r *ourRun) distinct() (outcome, error) {
	counts, out, err := median(
		func() (map[string]int, error) { return r.visits.UniqueCounts("geo_id", "poi_id") },
		func() (map[string]int, error) { return r.visits.UniqueCountsParallel("geo_id", "poi_id") },
		maps.Equal)
	out.result = result{float64(counts["geo_id"]), float64(counts["poi_id"])}
	return out, err
}

func (r *ourRun) grouped() (out outcome, err error) {
	r.perCode, out, err = median(
		func() (table.Table, error) { t := r.visits.GroupSum("geo_id", "visits"); return t, t.Err() },
		func() (table.Table, error) { t := r.visits.GroupSumParallel("geo_id", "visits"); return t, t.Err() },
		sameTable)
	if err != nil {
		return out, err
	}
	sum, err := r.perCode.Sum("visits")
	out.result = result{float64(r.perCode.Rows()), sum}
	return out, err
}

func (r *ourRun) top() (outcome, error) {
	t, out, err := median(
		func() (table.Table, error) {
			limit, err := r.perCode.Quantile("visits", 0.995)
			if err != nil {
				return table.Table{}, err
			}
			t := r.perCode.Where("visits", ">", limit).Sort("-visits")
			return t, t.Err()
		},
		func() (table.Table, error) {
			limit, err := r.perCode.QuantileParallel("visits", 0.995)
			if err != nil {
				return table.Table{}, err
			}
			t := r.perCode.WhereParallel("visits", ">", limit).SortParallel("-visits")
			return t, t.Err()
		}, sameTable)
	if err != nil {
		return out, err
	}
	out.result = result{float64(t.Rows())}
	r.topCodes, err = t.Strings("geo_id")
	return out, err
}

func (r *ourRun) outlines() (outcome, error) {
	all, out, err := once(
		func() (locuskit.FeatureCollection, error) { return r.client.GeoJSON(r.ctx, r.topCodes) },
		func() (locuskit.FeatureCollection, error) {
			return r.client.GeoJSONParallel(r.ctx, r.topCodes, r.workers)
		})
	out.result = result{float64(len(all.Features))}
	return out, err
}

func (r *ourRun) demo() (out outcome, err error) {
	r.demoCodes, out, err = median(
		func() (table.Table, error) {
			t := r.perCode.Where("visits", ">", 100).Sort("-visits")
			return t, t.Err()
		},
		func() (table.Table, error) {
			t := r.perCode.WhereParallel("visits", ">", 100).SortParallel("-visits")
			return t, t.Err()
		}, sameTable)
	if err != nil {
		return out, err
	}
	most, _, err := r.demoCodes.Head(1).Floats("visits")
	out.result = append(result{float64(r.demoCodes.Rows())}, most...)
	return out, err
}

func (r *ourRun) enrichment(name string) func() (outcome, error) {
	return func() (out outcome, err error) {
		var one, many table.Table
		out.sequential, err = timed(func() error {
			one, err = r.client.Enrich(r.ctx, r.demoCodes, "demographic", name)
			return err
		})
		if err != nil {
			return out, err
		}
		out.parallel, err = timed(func() error {
			many, err = r.client.EnrichParallel(r.ctx, r.demoCodes, "demographic", name, r.workers)
			return err
		})
		if err != nil {
			return out, err
		}
		if !sameTable(one, many) {
			return out, errDiffer
		}
		for _, column := range one.Columns()[2:] {
			mean, err := one.Mean(column)
			if err != nil {
				return out, err
			}
			out.result = append(out.result, mean)
		}
		return out, nil
	}
}
