package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"locuslab/kernel/version"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { fmt.Println(version.String()) },
	}
}
