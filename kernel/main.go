// Command kernel is locuslab: a Jupyter kernel for Go, and the lab that lessons run
// in. A file here is a command; what a command does is in the packages below this
// folder. It knows nothing of what lessons are about.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(report(newRootCommand().ExecuteContext(context.Background())))
}

// report says what went wrong and returns the exit status.
func report(err error) int {
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "locuslab: interrupted")
		return 130 // what shells give for Ctrl-C
	}
	fmt.Fprintln(os.Stderr, "locuslab:", err)
	return 1
}

// exitStatus is the error of a command that has said all there is to say.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "locuslab",
		Short:         "A notebook environment for Go, with live values and timed cells",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(
		newLabCommand(),
		newRunCommand(),
		newInstallCommand(),
		newDoctorCommand(),
		newVersionCommand(),
		newServeCommand(),
		newSuperviseCommand(),
	)
	return root
}
