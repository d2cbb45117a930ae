package locuskit

// FetchOption changes one fetch over many items; [Workers] is one.
type FetchOption interface{ applyTo(*fetch) }

// fetch is how one fetch over many items is to be done.
type fetch struct {
	workers  int
	partial  bool
	adaptive bool
	report   ProgressFunc

	checkpoint string // path of the file, or none
	service    string // address, for the checkpoint
}

// defaultWorkers is the tutorial's number of threads.
const defaultWorkers = 8

func (c *Client) parallel(opts []FetchOption) fetch {
	f := fetch{workers: defaultWorkers, report: c.progress(), service: c.base.String()}
	for _, o := range opts {
		o.applyTo(&f)
	}
	return f
}

// sequential is the same with one worker, whatever the options say.
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
