package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"locuslab/kernel/build"
	"locuslab/kernel/lab"
)

func newDoctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine lacks and how to mend it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cache, err := build.CacheRoot()
			if err != nil {
				return err
			}
			missing := 0
			for _, c := range lab.Examine(cmd.Context(), cache) {
				mark := "ok     "
				switch {
				case c.Fix != "" && c.Needed:
					mark = "MISSING"
					missing++
				case c.Fix != "":
					mark = "warning"
				}
				fmt.Printf("%s  %-22s %s\n", mark, c.Name, c.Found)
				if c.Fix != "" {
					fmt.Printf("         %-22s needed for: %s\n", "", c.For)
					fmt.Printf("         %-22s %s\n", "", c.Fix)
				}
			}
			if missing > 0 {
				fmt.Fprintf(os.Stderr, "locuslab: this machine lacks %d of the things that are needed\n", missing)
				return exitStatus(1)
			}
			return nil
		},
	}
}
