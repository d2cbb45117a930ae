package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"locuslab/kernel/process"
)

// superviseCommand is the name of the command that ends what a program leaves behind.
const superviseCommand = "supervise"

// newSuperviseCommand is how kernelspecs start kernels that leave processes
// behind, and how lab and run start services.
func newSuperviseCommand() *cobra.Command {
	return &cobra.Command{
		Use:                superviseCommand + " PROGRAM [ARGUMENT…]",
		Short:              "Run a program and end whatever it leaves behind",
		Hidden:             true,
		DisableFlagParsing: true, // they are the program's
		Args:               cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// Ctrl-C is the program's own affair.
			signal.Ignore(os.Interrupt)
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			status, err := process.Supervise(ctx, args[0], args[1:]...)
			if err != nil {
				return fmt.Errorf("%w; set it up again with: go run ./kernel lab --setup-only", err)
			}
			if status != 0 {
				return exitStatus(status)
			}
			return nil
		},
	}
}
