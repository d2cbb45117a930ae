package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"locuslab/locuskit/fetchcmd"
)

// newFetchCommand is locuskit's command line, with the embedded service where
// there is no other.
func newFetchCommand() *cobra.Command {
	cmd := fetchcmd.New(fetchcmd.Embedded(startForFetch))
	cmd.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		ctx, stop := untilEnded(cmd.Context())
		context.AfterFunc(ctx, stop) // the first Ctrl-C ends the fetch, the second this program
		cmd.SetContext(ctx)
	}
	return cmd
}

func startForFetch(ctx context.Context, speed float64) (url, token string, stop func(), err error) {
	exe, err := os.Executable()
	if err != nil {
		return "", "", nil, fmt.Errorf("cannot start the LOCUS service: %w", err)
	}
	s, err := startService(ctx, exe, speed)
	if err != nil {
		return "", "", nil, err
	}
	return s.URL(), s.Token(), s.Close, nil
}
