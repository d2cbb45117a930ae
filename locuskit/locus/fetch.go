package main

import (
	"context"

	"github.com/spf13/cobra"

	"locuslab/kernel/process"
	"locuslab/locuskit/locus/fetch"
)

// newFetchCommand is locuskit's command line, with the embedded service where
// there is no other.
func newFetchCommand() *cobra.Command {
	cmd := fetch.New(fetch.Embedded(startForFetch))
	cmd.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		ctx, stop := process.UntilEnded(cmd.Context())
		context.AfterFunc(ctx, stop) // the first Ctrl-C ends the fetch, the second this program
		cmd.SetContext(ctx)
	}
	return cmd
}

func startForFetch(ctx context.Context, speed float64) (url, token string, stop func(), err error) {
	s, err := startService(ctx, speed)
	if err != nil {
		return "", "", nil, err
	}
	return s.Value("LOCUS_URL"), s.Value("API_TOKEN"), s.Close, nil
}
