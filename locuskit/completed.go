package locuskit

import (
	"context"
	"iter"
)

// Fetched is the connections of one whitelabel.
type Fetched struct {
	Whitelabel  Whitelabel
	Connections Connections
}

// ConnectionsAsCompleted yields each whitelabel's connections as they arrive, in no
// order that can be foretold, by at most [Workers] requests at a time. Nothing is kept:
// memory is bounded by the workers' answers, however many whitelabels there are.
//
//	for got, err := range client.ConnectionsAsCompleted(ctx, whitelabels, locuskit.Workers(8)) { … }
//
// An error is yielded with the whitelabel that it belongs to. It is the last
// thing yielded, unless [Partial] is given. Breaking the loop off
// cancels the requests under way.
func (c *Client) ConnectionsAsCompleted(ctx context.Context, whitelabels []Whitelabel, opts ...FetchOption) iter.Seq2[Fetched, error] {
	return func(yield func(Fetched, error) bool) {
		f := c.parallel(opts)
		track := newTracker("connections", len(whitelabels), f.report)
		defer track.close()
		for o := range complete(f.withGate(ctx), len(whitelabels), f.workers, func(ctx context.Context, i int) (Connections, error) {
			return c.connectionsOf(ctx, whitelabels[i])
		}) {
			track.add(o.err)
			if !yield(Fetched{whitelabels[o.index], o.value}, o.err) || o.err != nil && !f.partial {
				return
			}
		}
		if track.Done < len(whitelabels) {
			yield(Fetched{}, stopped(ctx, "connections", track.Done, len(whitelabels)))
		}
	}
}
