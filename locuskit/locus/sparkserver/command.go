package sparkserver

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"locuslab/kernel/process"
	"locuslab/locuskit/spark"
)

// New returns the command.
func New() *cobra.Command {
	o := Options{Log: os.Stderr}
	var remote string
	var untilEOF bool
	cmd := &cobra.Command{
		Use:   "spark",
		Short: "Run a Spark Connect server on this machine",
		Long: `Run a Spark Connect server on this machine, until Ctrl-C.

Once it takes queries it prints a line that a shell can take over:

	export SPARK_REMOTE='sc://127.0.0.1:15002/;token=...'

Spark ` + Package[len("pyspark=="):] + ` comes from PyPI into a private environment in the cache, the first time; Java 17
or newer has to be there. It listens on loopback alone.

With --remote it starts nothing: it sees whether the server at that address answers,
and says what it is. A token in the address is shown nowhere.`,
		Example: `  spark --workers 2
  spark --remote 'sc://spark.example.org:443/;use_ssl=true;token=...'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := process.UntilEnded(cmd.Context())
			defer cancel()
			if cmd.Flags().Changed("remote") {
				return look(ctx, remote, cmd.OutOrStdout())
			}
			if untilEOF {
				go func() {
					_, _ = io.Copy(io.Discard, os.Stdin) // any end of it will do
					cancel()
				}()
			}
			s, err := Start(ctx, o)
			if err != nil {
				return err
			}
			defer s.Close()
			fmt.Fprintf(cmd.OutOrStdout(), "export %s='%s'\n", spark.RemoteVariable, s.Remote())
			select {
			case <-ctx.Done():
				return nil
			case <-s.Done():
				return fmt.Errorf("the Spark server has ended by itself: %w", s.Err())
			}
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&o.Workers, "workers", 0, "run a standalone cluster of so many worker processes (default: none, all cores in the server itself)")
	flags.StringVar(&o.Memory, "memory", "2g", "memory of each process that computes")
	flags.IntVar(&o.Port, "port", 0, "port on 127.0.0.1 (default: a free one)")
	flags.StringVar(&remote, "remote", "", "see whether the server at this address answers, in place of starting one; \"\" takes SPARK_REMOTE")
	flags.BoolVar(&untilEOF, "until-eof", false, "end when standard input ends")
	_ = flags.MarkHidden("until-eof") // for the programs that start it
	return cmd
}

// look says what server answers at an address.
func look(ctx context.Context, remote string, out io.Writer) error {
	began := time.Now()
	c, err := spark.Connect(ctx, remote)
	if err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintf(out, "%s answers after %v\n", c, time.Since(began).Round(time.Millisecond))
	return nil
}
