// Package fetchcmd is the command line of locuskit, for use outside notebooks:
//
//	fetch whitelabels
//	fetch connections --workers 8 -o connections.csv
//	fetch dataset 2163 -o visits.csv
//	fetch outlines L0K1S0 L0S1N0 -o outlines.json
//
// Data goes to standard output or to the file that -o names, progress and
// errors to standard error. A file appears only when the fetch is complete.
// The token comes from API_TOKEN and from nowhere else: a flag would show it to everyone who
// lists processes.
//
// The package knows nothing of notebooks and of the program it is part of.
package fetchcmd

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"locuslab/locuskit"
)

// request is what the flags say.
type request struct {
	url        string
	workers    int
	checkpoint string
	timeout    time.Duration
	output     string
	format     string
}

// New returns the command fetch, with its subcommands. A failed run returns
// its error to the caller, who prints it.
func New() *cobra.Command {
	var r request
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Fetch data from the LOCUS service, as CSV or JSON",
		Long:  "Fetch data from the LOCUS service named by LOCUS_URL, with the token in API_TOKEN.",
		Args:  cobra.NoArgs,
	}
	f := cmd.PersistentFlags()
	f.StringVar(&r.url, "url", "", "address of the service (default: LOCUS_URL, or the real service)")
	f.IntVarP(&r.workers, "workers", "w", 8, "requests at a time; 1 is one after another")
	f.StringVar(&r.checkpoint, "checkpoint", "", "file that keeps what was received, so that the same command resumes")
	f.DurationVar(&r.timeout, "timeout", 0, "give up after this long, such as 90s (default: never)")
	f.StringVarP(&r.output, "output", "o", "", "file to write (default: standard output)")
	f.StringVar(&r.format, "format", "", "csv or json (default: by the file's name, or csv)")
	cmd.AddCommand(
		r.command("whitelabels", "List the whitelabels", cobra.NoArgs, whitelabels),
		r.command("connections", "The connections of all whitelabels", cobra.NoArgs, connections),
		r.command("dataset REPORT", "The visits of a report's latest span of time", cobra.ExactArgs(1), dataset),
		r.command("outlines CODE…", "The outlines of postal codes, as GeoJSON", cobra.MinimumNArgs(1), outlines),
	)
	return cmd
}

// result is what was fetched, in the forms that it has.
type result struct {
	json any
	csv  func(context.Context, io.Writer) error // nil if it has no rows
}

type fetcher func(ctx context.Context, c *locuskit.Client, r *request, args []string) (result, error)

func (r *request) command(use, short string, args cobra.PositionalArgs, fetch fetcher) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: args, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := r.writer()
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if r.timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeoutCause(ctx, r.timeout, fmt.Errorf("--timeout %v is over", r.timeout))
				defer cancel()
			}
			c, err := locuskit.New(locuskit.WithURL(r.url))
			if err != nil {
				return err
			}
			defer c.Close()
			got, err := fetch(ctx, c, r, args)
			if err != nil {
				return err
			}
			return write(ctx, got, cmd.OutOrStdout())
		},
	}
}

func (r *request) options() []locuskit.FetchOption {
	o := []locuskit.FetchOption{locuskit.Workers(r.workers)}
	if r.checkpoint != "" {
		o = append(o, locuskit.Checkpoint(r.checkpoint))
	}
	return o
}
