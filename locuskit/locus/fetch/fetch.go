// Package fetch is the command line of locuskit, for use outside notebooks:
//
//	fetch whitelabels
//	fetch connections --workers 8 -o connections.parquet
//	fetch dataset 2163 -o visits.csv
//	fetch outlines L0K1S0 L0S1N0 -o outlines.geojson
//	fetch enrich demographic "Household Income" - <codes.txt
//
// Data goes to standard output or to the file that -o names, in the format that the
// file's name ends in; progress and errors go to standard error. A file appears only
// when the fetch is complete, and standard output is written to only then. Connections
// are written as they arrive, so that memory does not grow with their number. The token comes from API_TOKEN and from nowhere
// else: a flag would show it to everyone who lists processes.
//
// A run fails with an error that has an exit status, see [UsageError] and [PartialError].
//
// The package knows nothing of notebooks and of the program it is part of.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"locuslab/locuskit"
)

// request is what the flags say.
type request struct {
	start Starter

	url        string
	speed      float64
	workers    int
	adaptive   bool
	rate       float64
	attempts   int
	patience   time.Duration // for one answer
	hedge      time.Duration
	checkpoint string
	partial    bool
	timeout    time.Duration
	output     string
	format     string
	quiet      bool
	verbose    bool

	from, to string // of a dataset
}

// Starter starts a service to fetch from; stop ends it.
type Starter func(ctx context.Context, speed float64) (url, token string, stop func(), err error)

// Option changes the command.
type Option func(*request)

// Embedded gives the command a service to start when neither --url nor
// LOCUS_URL names one. Without it the real service is asked then.
func Embedded(start Starter) Option { return func(r *request) { r.start = start } }

const exits = `Exit status: 0 complete, 1 failed, 2 wrong use, 3 written but not complete
(--partial), 130 interrupted.`

// New returns the command fetch, with its subcommands. A failed run returns
// its error to the caller, who prints it.
func New(opts ...Option) *cobra.Command {
	var r request
	for _, o := range opts {
		o(&r)
	}
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Fetch data from the LOCUS service, as CSV, JSON, Parquet or Arrow",
		Long:  "Fetch data from the LOCUS service named by LOCUS_URL, with the token in API_TOKEN.\n\n" + exits,
		Example: `  fetch connections --workers 8 -o connections.parquet
  fetch dataset 2163 | head
  fetch connections --checkpoint run.ckpt -o connections.csv   # run again to resume`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return &UsageError{errors.New("fetch what? See fetch --help")}
		},
	}
	if r.start != nil {
		cmd.Long = "Fetch data from the LOCUS service named by LOCUS_URL, with the token in API_TOKEN;\nwithout LOCUS_URL from the embedded service, which is started for the run.\n\n" + exits
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &UsageError{err} })
	f := cmd.PersistentFlags()
	f.StringVar(&r.url, "url", "", "address of the service (default: LOCUS_URL)")
	if r.start != nil {
		f.Float64Var(&r.speed, "speed", 10, "how much faster than the tutorial's service the embedded one answers")
	}
	f.IntVarP(&r.workers, "workers", "w", 8, "requests at a time; 1 is one after another")
	f.BoolVar(&r.adaptive, "adaptive", false, "use fewer workers while the service pushes back")
	f.Float64Var(&r.rate, "rate", 0, "at most this many requests a second (default: no bound)")
	f.IntVar(&r.attempts, "attempts", 5, "how often a request is tried before the fetch fails")
	f.DurationVar(&r.patience, "request-timeout", time.Minute, "the longest that one try of a request may take")
	f.DurationVar(&r.hedge, "hedge", 0, "send a request again that has no answer after this long, and take the first answer (default: never)")
	f.StringVar(&r.checkpoint, "checkpoint", "", "file that keeps what was received, so that the same command resumes")
	f.BoolVar(&r.partial, "partial", false, "write what could be fetched even if some of it failed")
	f.DurationVar(&r.timeout, "timeout", 0, "give up after this long, such as 90s (default: never)")
	f.StringVarP(&r.output, "output", "o", "", "file to write (default: standard output)")
	f.StringVar(&r.format, "format", "", "csv, json, geojson, parquet or arrow (default: by the file's name)")
	f.BoolVarP(&r.quiet, "quiet", "q", false, "no progress and no summary")
	f.BoolVarP(&r.verbose, "verbose", "v", false, "log every request to standard error")
	dataset := r.command("dataset REPORT", "The visits of a report in a span of time", cobra.ExactArgs(1), fetchDataset)
	dataset.Flags().StringVar(&r.from, "from", "", "first day of the span, such as 2020-01-01 (default: the report's last span)")
	dataset.Flags().StringVar(&r.to, "to", "", "last day of the span")
	outlines := r.command("outlines CODE…", "The outlines of postal codes, as GeoJSON; - reads codes from standard input", cobra.MinimumNArgs(1), fetchOutlines)
	outlines.Aliases = []string{"geojson"}
	cmd.AddCommand(
		r.command("whitelabels", "List the whitelabels", cobra.NoArgs, fetchWhitelabels),
		r.command("connections", "The connections of all whitelabels", cobra.NoArgs, fetchConnections),
		r.command("datasets [external]", "The connections that hold data", cobra.MaximumNArgs(1), fetchDatasets),
		r.command("frequencies REPORT", "The spans of time for which a report has data", cobra.ExactArgs(1), fetchFrequencies),
		dataset,
		outlines,
		r.command("enrichments [CATEGORY]", "What a category, demographic unless named, can add to postal codes", cobra.MaximumNArgs(1), fetchEnrichments),
		r.command("enrich CATEGORY NAME CODE…", "Numbers about postal codes; - reads codes from standard input", cobra.MinimumNArgs(3), fetchEnrichment),
	)
	return cmd
}

// fetcher fetches; what it returns beside an error is what there is of a partial fetch.
type fetcher func(ctx context.Context, c *locuskit.Client, r *request, cmd *cobra.Command, args []string) (result, error)

func (r *request) command(use, short string, args cobra.PositionalArgs, fetch fetcher) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: usage(args), SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, args, fetch) },
	}
}

func (r *request) run(cmd *cobra.Command, args []string, fetch fetcher) error {
	if err := r.check(); err != nil {
		return &UsageError{err}
	}
	out, err := r.destination(cmd.OutOrStdout())
	if err != nil {
		return &UsageError{err}
	}
	ctx := cmd.Context()
	if r.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, r.timeout, fmt.Errorf("--timeout %v is over", r.timeout))
		defer cancel()
	}
	c, stop, err := r.client(ctx, cmd)
	if err != nil {
		return err
	}
	defer stop()
	began := time.Now()
	got, failed := fetch(ctx, c, r, cmd, args)
	usable := failed == nil || got.table != nil && r.partial
	var unwritten error
	if usable {
		unwritten = out.write(ctx, got)
		if got.stream != nil { // which was fetched on the way
			failed = got.stream.failed
			usable = failed == nil || r.partial
			got.summary = got.stream.summary()
		}
	}
	switch {
	case !usable:
		if !r.quiet && r.resumable(failed) {
			fmt.Fprintf(messages(cmd), "what was received is in %s: the same command goes on there\n", r.checkpoint)
		}
		return failed
	case unwritten != nil:
		return errors.Join(unwritten, failed)
	}
	if !r.quiet {
		fmt.Fprintf(messages(cmd), "%s in %.1f s: %v\n", got.summary, time.Since(began).Seconds(), c.Stats())
	}
	if failed != nil {
		return &PartialError{failed}
	}
	return nil
}

// client connects to the service, which it starts if there is none.
func (r *request) client(ctx context.Context, cmd *cobra.Command) (_ *locuskit.Client, stop func(), err error) {
	report := progressTo(messages(cmd))
	if r.quiet {
		report = nil
	}
	opts := []locuskit.Option{locuskit.WithURL(r.url), locuskit.WithAttempts(r.attempts),
		locuskit.WithRequestTimeout(r.patience), locuskit.WithHedge(r.hedge), locuskit.WithProgress(report)}
	if r.rate > 0 {
		opts = append(opts, locuskit.WithRate(r.rate, 1))
	}
	if r.verbose {
		opts = append(opts, locuskit.WithLogger(slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelDebug}))))
	}
	end := func() {}
	if r.url == "" && os.Getenv("LOCUS_URL") == "" && r.start != nil {
		url, token, stop, err := r.start(ctx, r.speed)
		if err != nil {
			return nil, nil, err
		}
		end = stop
		opts = append(opts, locuskit.WithURL(url), locuskit.WithToken(token))
		if !r.quiet {
			fmt.Fprintln(messages(cmd), "LOCUS_URL is not set: fetching the lesson's data from the embedded service")
		}
	}
	c, err := locuskit.New(opts...)
	if err != nil {
		end()
		return nil, nil, err
	}
	return c, func() { c.Close(); end() }, nil
}

func (r *request) options() []locuskit.FetchOption {
	o := []locuskit.FetchOption{locuskit.Workers(r.workers)}
	if r.checkpoint != "" {
		o = append(o, locuskit.Checkpoint(r.checkpoint))
	}
	if r.partial {
		o = append(o, locuskit.Partial())
	}
	if r.adaptive {
		o = append(o, locuskit.Adaptive())
	}
	return o
}

// check refuses flags that make no sense before anything is fetched.
func (r *request) check() error {
	switch {
	case r.workers < 1:
		return fmt.Errorf("--workers %d: must be at least 1", r.workers)
	case r.attempts < 1:
		return fmt.Errorf("--attempts %d: must be at least 1", r.attempts)
	case r.rate < 0:
		return fmt.Errorf("--rate %v: must be requests a second, or 0 for no bound", r.rate)
	case r.patience <= 0:
		return fmt.Errorf("--request-timeout %v: must be greater than 0", r.patience)
	case r.hedge < 0:
		return fmt.Errorf("--hedge %v: must not be negative", r.hedge)
	case r.timeout < 0:
		return fmt.Errorf("--timeout %v: must not be negative", r.timeout)
	case r.start != nil && !(r.speed > 0):
		return fmt.Errorf("--speed %v: must be greater than 0", r.speed)
	case (r.from == "") != (r.to == ""):
		return errors.New("--from and --to go together")
	}
	return nil
}

// resumable reports whether a fetch that broke off has left something to go on from.
func (r *request) resumable(err error) bool {
	var unusable *locuskit.CheckpointError
	if r.checkpoint == "" || errors.As(err, &unusable) {
		return false
	}
	_, missing := os.Stat(r.checkpoint)
	return missing == nil
}
