// Command locus works with the LOCUS service outside of notebooks: it fetches, runs the
// embedded service, and measures the tutorial's comparisons anew. A file here is a
// command; what a command does is in the packages below this folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"locuslab/locuskit/locus/service"
	"locuslab/locuskit/locus/sparkserver"
)

func main() {
	os.Exit(report(newRootCommand().ExecuteContext(context.Background())))
}

// report prints what went wrong and returns the exit status.
func report(err error) int {
	var coded interface{ ExitStatus() int }
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "locus: interrupted")
		return 130 // what shells give for Ctrl-C
	}
	fmt.Fprintln(os.Stderr, "locus:", err)
	if errors.As(err, &coded) {
		return coded.ExitStatus()
	}
	return 1
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "locus",
		Short:         "The LOCUS service outside of notebooks",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(newFetchCommand(), service.New(), newReproduceCommand(), sparkserver.New())
	return root
}
