package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"locuslab/kernel/lab"
	"locuslab/locuskit/locustest"
)

func newServiceCommand() *cobra.Command {
	var addr, token string
	var speed float64
	var untilEOF bool
	cmd := &cobra.Command{
		Use:   "service",
		Short: "Run the embedded LOCUS service alone",
		Long: `Run the embedded LOCUS service alone, until Ctrl-C.

Once it answers it prints two lines that a shell can take over:

	export LOCUS_URL=http://127.0.0.1:8765
	export API_TOKEN=...`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := untilEnded(cmd.Context())
			defer cancel()
			if untilEOF {
				go func() {
					_, _ = io.Copy(io.Discard, os.Stdin) // any end of it will do
					cancel()
				}()
			}
			opts := []locustest.Option{locustest.Speed(speed)}
			if token != "" {
				opts = append(opts, locustest.Token(token))
			}
			return locustest.ListenAndServe(ctx, addr, opts, func(url, token string) {
				fmt.Printf("export LOCUS_URL=%s\nexport API_TOKEN=%s\n", url, token)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&addr, "addr", "127.0.0.1:0", "loopback address; port 0 takes a free one")
	flags.StringVar(&token, "token", "", "the token that requests must carry (default: a random one)")
	flags.Float64Var(&speed, "speed", 10, "how much faster than the tutorial's service it answers")
	flags.BoolVar(&untilEOF, "until-eof", false, "end when standard input ends")
	_ = flags.MarkHidden("until-eof") // for the commands that start it
	return cmd
}

// startService starts the service that a lesson talks to, and says which one it
// is when that may surprise.
func startService(ctx context.Context, exe string, speed float64) (*lab.Service, error) {
	if os.Getenv("LOCUS_URL") == "" && os.Getenv("API_TOKEN") != "" {
		fmt.Fprintln(os.Stderr, "API_TOKEN is set and LOCUS_URL is not: using the embedded service with a token of its own; for the real one set LOCUS_URL=https://api.locus.place/prod too")
	}
	return lab.StartService(ctx, exe, speed)
}
