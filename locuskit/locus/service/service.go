// Package service is the command that runs the embedded LOCUS service. It is apart
// from the other commands so that a program with nothing else in it compiles in
// seconds.
package service

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"locuslab/kernel/process"
	"locuslab/locuskit/locustest"
)

type options struct {
	addr, token     string
	port            int
	speed           float64
	whitelabels     int
	latency, faults string
	rate            float64
	record, replay  string
	upstream        string
	untilEOF        bool
}

// New returns the command.
func New() *cobra.Command {
	var f options
	cmd := &cobra.Command{
		Use:   "service",
		Short: "Run the embedded LOCUS service alone",
		Long: `Run the embedded LOCUS service alone, until Ctrl-C.

Once it answers it prints two lines that a shell can take over:

	export LOCUS_URL=http://127.0.0.1:8765
	export API_TOKEN=...

Faults are rules, separated by semicolons, or @FILE with one a line; the first that
applies to a request decides:

	20%:503,reset               a fifth of all requests, at random
	100-:expired                the hundredth request and all after it
	10s-20s:429                 from ten to twenty seconds after the first request
	1-2@whitelabel=7:truncated  the first two requests for whitelabel 7

The faults are 503, 500, 429, reset, slow, truncated, length, json, types and
expired. A request can also name its own in the header X-Locus-Fault.

With --record it passes requests on to another service, with the token in
API_TOKEN, and keeps the answers, but not the token, in a folder; with --replay it
answers from such a folder.`,
		Example: `  service --port 8765 --speed 1
  service --whitelabels 100000 --latency none --faults "5%:503,429"
  service --record my-copy --upstream https://api.locus.place/prod`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.speedFromEnvironment(cmd); err != nil {
				return err
			}
			opts, err := f.serviceOptions()
			if err != nil {
				return err
			}
			ctx, cancel := process.UntilEnded(cmd.Context())
			defer cancel()
			if f.untilEOF {
				go func() {
					_, _ = io.Copy(io.Discard, os.Stdin) // any end of it will do
					cancel()
				}()
			}
			return locustest.ListenAndServe(ctx, f.addr, opts, func(url, token string) {
				fmt.Printf("export LOCUS_URL=%s\nexport API_TOKEN=%s\n", url, token)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:0", "loopback address; port 0 takes a free one")
	flags.IntVar(&f.port, "port", 0, "port on 127.0.0.1 (default: a free one)")
	flags.StringVar(&f.token, "token", "", "the token that requests must carry (default: a random one)")
	flags.Float64Var(&f.speed, "speed", 10, "how much faster than the tutorial's service it answers (default: LOCUS_SPEED, or 10)")
	flags.Lookup("speed").DefValue = "0" // which is not printed: the text tells
	flags.IntVar(&f.whitelabels, "whitelabels", 120, "how many whitelabels there are, up to 1000000")
	flags.StringVar(&f.latency, "latency", "tutorial", "at speed 1: tutorial, none, heavy, a time such as 300ms, or a range such as 100ms-1s")
	flags.StringVar(&f.faults, "faults", "", "what goes wrong and when, or @FILE; see above")
	flags.Float64Var(&f.rate, "rate", 0, "refuse more requests a second than this with 429 (default: no bound)")
	flags.StringVar(&f.record, "record", "", "folder in which to keep the answers of another service")
	flags.StringVar(&f.upstream, "upstream", "", "address of the service to record (default: LOCUS_URL, or the real one)")
	flags.StringVar(&f.replay, "replay", "", "folder of a recording to answer from")
	cmd.MarkFlagsMutuallyExclusive("record", "replay")
	cmd.MarkFlagsMutuallyExclusive("addr", "port")
	flags.BoolVar(&f.untilEOF, "until-eof", false, "end when standard input ends")
	_ = flags.MarkHidden("until-eof") // for the commands that start it
	return cmd
}

// SpeedVariable names the environment variable with the speed of a service that is
// started without the flag, such as the one beside notebooks.
const SpeedVariable = "LOCUS_SPEED"

func (f *options) speedFromEnvironment(cmd *cobra.Command) error {
	text := os.Getenv(SpeedVariable)
	if text == "" || cmd.Flags().Changed("speed") {
		return nil
	}
	speed, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("%s=%q: must be a number, such as 1 for the tutorial's own pace", SpeedVariable, text)
	}
	f.speed = speed
	return nil
}

// serviceOptions are what the flags mean to the service.
func (f *options) serviceOptions() ([]locustest.Option, error) {
	if f.port != 0 {
		f.addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(f.port))
	}
	latency, err := locustest.ParseLatency(f.latency)
	if err != nil {
		return nil, fmt.Errorf("--latency: %w", err)
	}
	opts := []locustest.Option{locustest.Speed(f.speed), locustest.Whitelabels(f.whitelabels), latency}
	if f.token != "" {
		opts = append(opts, locustest.Token(f.token))
	}
	if f.rate != 0 {
		opts = append(opts, locustest.RateLimit(f.rate, int(f.rate)))
	}
	if f.faults != "" {
		rules := f.faults
		if file, ok := strings.CutPrefix(rules, "@"); ok {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("--faults: %w", err)
			}
			rules = string(text)
		}
		faults, err := locustest.ParseFaults(rules)
		if err != nil {
			return nil, fmt.Errorf("--faults: %w", err)
		}
		opts = append(opts, faults)
	}
	switch {
	case f.record != "":
		if f.upstream == "" {
			f.upstream = os.Getenv("LOCUS_URL")
		}
		if f.upstream == "" {
			f.upstream = locustest.RealURL
		}
		opts = append(opts, locustest.Record(f.record, f.upstream, os.Getenv("API_TOKEN")))
	case f.upstream != "":
		return nil, errors.New("--upstream goes with --record")
	case f.replay != "":
		opts = append(opts, locustest.Replay(f.replay))
	}
	return opts, nil
}
