package locuskit

import (
	"context"
	"fmt"
	"slices"
)

// Datasets lists the data sets of a kind. The kind "external" is what
// customers have connected: the connections of all whitelabels, without those
// that hold no records and those whose first synchronisation is still running. It costs a request for the
// whitelabels and one for each of them, one after another.
func (c *Client) Datasets(ctx context.Context, kind string, opts ...FetchOption) (Connections, error) {
	return c.datasets(ctx, kind, c.sequential(opts))
}

// DatasetsParallel is Datasets with several requests at a time, 8 unless
// [Workers] says otherwise: the same data sets in the same order.
func (c *Client) DatasetsParallel(ctx context.Context, kind string, opts ...FetchOption) (Connections, error) {
	return c.datasets(ctx, kind, c.parallel(opts))
}

func (c *Client) datasets(ctx context.Context, kind string, f fetch) (Connections, error) {
	if kind != "external" {
		return nil, fmt.Errorf("locuskit: datasets of kind %q: only \"external\" is known", kind)
	}
	whitelabels, err := c.Whitelabels(ctx)
	if err != nil {
		return nil, err
	}
	all, err := c.connections(ctx, whitelabels, f, func(w Whitelabel) question[Connections] {
		return connectionsWith(w, "is_syncing") // by which some are left out
	})
	return slices.DeleteFunc(all, func(c Connection) bool { return c.Records == 0 || c.IsSyncing }), err
}
