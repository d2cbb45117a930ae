package reproduce

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// measureCluster runs the steps on tables on a Spark cluster. The table goes there with each query: at this size it is what a
// query begins with that the time consists of. A step that is no table's has no outcome.
func measureCluster(ctx context.Context, o Options, ours *ourRun) ([]outcome, error) {
	visits, perCode := o.Cluster.FromTable(ours.visits), o.Cluster.FromTable(ours.perCode)
	outcomes := make([]outcome, len(tutorial))
	for i, step := range tutorial {
		do := map[string]func() (result, error){
			stepDistinct: func() (result, error) {
				codes, err := visits.NUnique(ctx, "geo_id")
				if err != nil {
					return nil, err
				}
				places, err := visits.NUnique(ctx, "poi_id")
				return result{float64(codes), float64(places)}, err
			},
			stepGrouped: func() (result, error) {
				t, err := visits.GroupSum(ctx, "geo_id", "visits")
				if err != nil {
					return nil, err
				}
				if !sameTable(t, ours.perCode) {
					return nil, errClusterDiffers
				}
				sum, err := t.Sum("visits")
				return result{float64(t.Rows()), sum}, err
			},
			stepTop: func() (result, error) {
				limit, err := perCode.Quantile(ctx, "visits", 0.995)
				if err != nil {
					return nil, err
				}
				t, err := perCode.Where("visits", ">", limit).Sort("-visits").Table(ctx)
				if err != nil {
					return nil, err
				}
				return result{float64(t.Rows())}, nil
			},
			stepDemo: func() (result, error) {
				t, err := perCode.Where("visits", ">", 100).Sort("-visits").Table(ctx)
				if err != nil {
					return nil, err
				}
				if !sameTable(t, ours.demoCodes) {
					return nil, errClusterDiffers
				}
				most, _, err := t.Head(1).Floats("visits")
				return append(result{float64(t.Rows())}, most...), err
			},
		}[step.name]
		if do == nil {
			continue
		}
		err := o.Step("Spark: "+step.name, func() error {
			var all []time.Duration
			for range clusterRepeats {
				took, err := timed(func() (err error) { outcomes[i].result, err = do(); return err })
				if err != nil {
					return err
				}
				all = append(all, took)
			}
			outcomes[i].sequential = middle(all)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return outcomes, nil
}

var errClusterDiffers = errors.New("the cluster does not find the same as this machine")

// clusterSteps is how many steps are measured on a cluster.
const clusterSteps = 4
