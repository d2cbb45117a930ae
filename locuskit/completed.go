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
// order that can be foretold, by at most [Workers] requests at a time:
//
//	for got, err := range client.ConnectionsAsCompleted(ctx, whitelabels, locuskit.Workers(8)) { … }
//
// Nothing is kept, however many whitelabels there are. Beside the list of whitelabels,
// memory is bounded by the workers: each holds one answer, as text and decoded,
// until the loop takes it, and the client's timeline (see [WithTimeline]).
//
// An error is yielded with the whitelabel that it belongs to, and ends the loop
// unless [Partial] is given; one of the whole fetch, such as that ctx ended, comes
// last, with a zero whitelabel. Breaking the loop off cancels the requests under
// way. With [Checkpoint] the connections that its file has are yielded first.
func (c *Client) ConnectionsAsCompleted(ctx context.Context, whitelabels []Whitelabel, opts ...FetchOption) iter.Seq2[Fetched, error] {
	return func(yield func(Fetched, error) bool) {
		for o := range outcomes(ctx, c, "connections", whitelabels, c.parallel(opts), connectionsOf) {
			got := Fetched{Connections: o.value}
			if o.index != wholeFetch {
				got.Whitelabel = whitelabels[o.index]
			}
			if !yield(got, o.err) {
				return
			}
		}
	}
}

// FetchedOutline is the outline of one postal code.
type FetchedOutline struct {
	Code    string
	Feature Feature
}

// GeoJSONAsCompleted yields the outline of each postal code as it arrives, under the
// same terms as [Client.ConnectionsAsCompleted].
func (c *Client) GeoJSONAsCompleted(ctx context.Context, codes []string, opts ...FetchOption) iter.Seq2[FetchedOutline, error] {
	return func(yield func(FetchedOutline, error) bool) {
		for o := range outcomes(ctx, c, "outlines", codes, c.parallel(opts), outlineOf) {
			got := FetchedOutline{Feature: o.value}
			if o.index != wholeFetch {
				got.Code = codes[o.index]
			}
			if !yield(got, o.err) {
				return
			}
		}
	}
}
