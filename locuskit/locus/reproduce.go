package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"locuslab/kernel/lab"
	"locuslab/kernel/lab/python"
	"locuslab/kernel/process"
	"locuslab/locuskit"
	"locuslab/locuskit/locus/reproduce"
	"locuslab/locuskit/locus/sparkserver"
	"locuslab/locuskit/spark"
)

type reproduceFlags struct {
	full, noPython bool
	spark          bool
	remote         string
	speed          float64
	workers        int
	html, chart    string
}

func newReproduceCommand() *cobra.Command {
	var f reproduceFlags
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "Measure the tutorial's comparisons on this machine, as one table",
		Long: `Measure the tutorial's comparisons on this machine, as one table: each step's
figure in the tutorial, Python's here, and Go's with one goroutine and with
several, all against the same service. It fails if they do not find the same.

Python's columns are there where Python 3.10 or newer is: the first time a
private environment with requests and pandas is set up in the cache. With --spark there
is a column for a Spark cluster: the one at --remote or in SPARK_REMOTE, or else a
server that is started on this machine, for which Java 17 has to be there.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := process.UntilEnded(cmd.Context())
			defer cancel()
			if f.full {
				f.speed = 1
			}
			return runReproduce(ctx, f, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.full, "full", false, "at the tutorial's own pace, as --speed 1: some four minutes")
	flags.Float64Var(&f.speed, "speed", 10, "how much faster than the tutorial's service the embedded one answers")
	flags.IntVar(&f.workers, "workers", 8, "requests under way at a time in the parallel forms")
	flags.BoolVar(&f.noPython, "no-python", false, "do without Python's columns")
	flags.BoolVar(&f.spark, "spark", false, "measure the steps on tables on a Spark cluster, too")
	flags.StringVar(&f.remote, "remote", "", "address of the Spark cluster, sc://host:15002/;token=... (default: SPARK_REMOTE, or one that is started)")
	flags.StringVar(&f.html, "html", "", "write the table and a chart to this file, as a page")
	flags.StringVar(&f.chart, "chart", "", "write the chart to this file, as SVG")
	cmd.MarkFlagsMutuallyExclusive("full", "speed")
	return cmd
}

func runReproduce(ctx context.Context, f reproduceFlags, out io.Writer) error {
	if f.speed <= 0 || f.workers < 1 {
		return fmt.Errorf("--speed %g and --workers %d: both must be more than 0", f.speed, f.workers)
	}
	interpreter := ""
	var err error
	if !f.noPython {
		if interpreter, err = tutorialPython(ctx); err != nil {
			return err
		}
	}
	service, err := startService(ctx, f.speed)
	if err != nil {
		return err
	}
	defer service.Close()
	url, token := service.Value("LOCUS_URL"), service.Value("API_TOKEN")
	client, err := locuskit.New(locuskit.WithURL(url), locuskit.WithToken(token), locuskit.WithProgress(nil))
	if err != nil {
		return err
	}
	defer client.Close()
	o := reproduce.Options{
		Client: client, URL: url, Token: token, Speed: f.speed, Embedded: service.Started(),
		Workers: f.workers, Python: interpreter,
	}
	if f.spark || f.remote != "" {
		cluster, stop, err := sparkCluster(ctx, f.remote)
		if err != nil {
			return err
		}
		defer stop()
		o.Cluster = cluster
	}
	steps := &lab.Steps{Out: os.Stderr, Total: o.Steps()}
	o.Step = func(name string, do func() error) error {
		return steps.Do(name, func(*lab.Step) error { return do() })
	}
	report, err := reproduce.Run(ctx, o)
	if err != nil {
		return fmt.Errorf("cannot reproduce the tutorial: %w", err)
	}
	fmt.Fprint(out, report.Text())
	return errors.Join(
		writeTo(f.html, report.HTML),
		writeTo(f.chart, func(w io.Writer) error {
			_, err := io.WriteString(w, report.Chart().SVG())
			return err
		}))
}

// sparkCluster connects to a cluster, and starts one if none is named. stop ends what was begun.
func sparkCluster(ctx context.Context, remote string) (_ *spark.Cluster, stop func(), err error) {
	end := func() {}
	if remote == "" {
		remote = os.Getenv(spark.RemoteVariable)
	}
	if remote == "" {
		server, err := sparkserver.Start(ctx, sparkserver.Options{Log: os.Stderr})
		if err != nil {
			return nil, nil, err
		}
		remote, end = server.Remote(), server.Close
	}
	cluster, err := spark.Connect(ctx, remote)
	if err != nil {
		end()
		return nil, nil, err
	}
	return cluster, func() { cluster.Close(); end() }, nil
}

// tutorialPython returns an interpreter with what the tutorial needs, or "" where there
// is no Python, which it says.
func tutorialPython(ctx context.Context) (string, error) {
	if _, err := lab.FindPython(ctx); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		fmt.Fprintf(os.Stderr, "without Python's columns: %v\n", err)
		return "", nil
	}
	return python.Environment(ctx, os.Stderr, reproduce.Packages...)
}

// writeTo writes a file; no path, no file.
func writeTo(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	fmt.Fprintf(os.Stderr, "%s written\n", path)
	return nil
}
