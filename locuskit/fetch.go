package locuskit

import (
	"net"
	"net/url"

	"go.opentelemetry.io/otel/trace"

	"locuslab/locuskit/progress"
)

// FetchOption changes one fetch over many items; [Workers] is one.
type FetchOption interface{ applyTo(*fetch) }

// fetch is how one fetch over many items is to be done.
type fetch struct {
	workers  int
	partial  bool
	adaptive bool
	report   progress.Func
	tracer   trace.Tracer // nil records nothing

	checkpoint string // path of the file, or none
	service    string // identity, for the checkpoint
}

// Workers bounds how many requests a fetch has under way at a time:
//
//	client.ConnectionsParallel(ctx, whitelabels, locuskit.Workers(8))
//
// A fetch waits for the network, so that more workers than processor cores are the rule. Zero
// or less means 8, and more than 1,024 mean 1,024. The goroutines of a table's operations are bounded by
// [table.Workers].
type Workers int

func (w Workers) applyTo(f *fetch) {
	if w > 0 {
		f.workers = min(int(w), mostWorkers)
	}
}

// defaultWorkers is the tutorial's number of threads.
const defaultWorkers = 8

func (c *Client) parallel(opts []FetchOption) fetch {
	f := fetch{workers: defaultWorkers}
	if c.made("") == nil { // otherwise the fetch reports it
		f.report, f.tracer, f.service = c.progress(), c.tracer, identity(c.base)
	}
	for _, o := range opts {
		if o != nil {
			o.applyTo(&f)
		}
	}
	return f
}

// identity returns what a checkpoint knows a service by: its address, on loopback without the port, of
// which the embedded service takes another at each start.
func identity(base *url.URL) string {
	at := *base
	if ip := net.ParseIP(at.Hostname()); ip.IsLoopback() || at.Hostname() == "localhost" {
		at.Host = "loopback"
	}
	return at.String()
}

// sequential returns the same with one worker, whatever the options say.
func (c *Client) sequential(opts []FetchOption) fetch {
	f := c.parallel(opts)
	f.workers = 1
	return f
}

type fetchOption func(*fetch)

func (o fetchOption) applyTo(f *fetch) { o(f) }

// Partial makes a fetch go on after an error: it returns what could be fetched and an
// error that joins those of all items that failed.
func Partial() FetchOption { return fetchOption(func(f *fetch) { f.partial = true }) }
