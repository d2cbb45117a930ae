package fetch

import (
	"fmt"

	"github.com/spf13/cobra"
)

// UsageError is a command line that makes no sense; nothing was fetched.
type UsageError struct{ err error }

func (e *UsageError) Error() string { return e.err.Error() }
func (e *UsageError) Unwrap() error { return e.err }

// ExitStatus returns what a program that runs the command ends with.
func (e *UsageError) ExitStatus() int { return 2 }

// PartialError is a fetch that wrote what there was and lacks the rest.
type PartialError struct{ err error }

func (e *PartialError) Error() string {
	return fmt.Sprintf("the data is not complete: %v", e.err)
}
func (e *PartialError) Unwrap() error { return e.err }

// ExitStatus returns what a program that runs the command ends with.
func (e *PartialError) ExitStatus() int { return 3 }

// usage makes a complaint about arguments one about usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &UsageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}
