package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"locuslab/kernel/cleanup"
	"locuslab/kernel/display"
	"locuslab/kernel/lab/service"
	"locuslab/kernel/notebook"
	"locuslab/kernel/process"
	"locuslab/kernel/session"
)

type runFlags struct {
	output string
}

func newRunCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run NOTEBOOK.ipynb",
		Short: "Run a notebook from top to bottom, without Jupyter or Python",
		Long: `Run a notebook from top to bottom, without Jupyter or Python, and save it with
its outputs: in its place, or in OUT with --output.

It stops at the first failing cell, which it shows, with exit status 1. The
notebook is then left as it was; OUT is written, with the outputs so far and the
error. A cell tagged raises-exception is expected to fail, and one tagged
skip-execution does not run.

The services that the notebook's folder asks for in its file services.json are
started for the run.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := process.UntilEnded(cmd.Context())
			defer cancel()
			return runNotebook(ctx, f, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "", "write the notebook with its outputs to this file")
	return cmd
}

func runNotebook(ctx context.Context, f runFlags, path string) error {
	nb, err := notebook.Read(path)
	if err != nil {
		return err
	}
	if language := nb.Language(); language != "" && language != "go" {
		return fmt.Errorf("%s is a notebook in %s, and only Go is run here; open it with: locuslab lab %s", path, language, path)
	}
	sweep, err := cleanup.Watch()
	if err != nil {
		return err
	}
	defer sweep()
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find the running program: %w", err)
	}
	services, err := service.StartAll(ctx, filepath.Dir(path), exe, superviseCommand)
	if err != nil {
		return err
	}
	defer services.Close()
	for _, kv := range services.Env() { // the worker inherits them
		name, value, _ := strings.Cut(kv, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	progress := newRunProgress(os.Stderr)
	defer progress.end()
	o := sessionOptions(newLog())
	o.Dir, o.Notebook, o.Progress = filepath.Dir(path), filepath.Base(path), progress.say
	s, err := session.Open(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	runErr := nb.Run(ctx, s, progress.cell)
	progress.end()
	out := f.output
	if out == "" && runErr == nil {
		out = path
	}
	if out != "" {
		if err := nb.Write(out); err != nil {
			return errors.Join(runErr, err)
		}
	}
	if runErr != nil {
		return showFailure(path, runErr)
	}
	fmt.Fprintf(os.Stderr, "%s: all cells ran, saved in %s\n", path, out)
	return nil
}

// showFailure shows the cell that failed and what it failed with.
func showFailure(path string, err error) error {
	var cell *notebook.CellError
	var failure *display.Failure
	if !errors.As(err, &cell) || !errors.As(err, &failure) {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s: cell %d, In[%d], failed:\n\n", path, cell.Index+1, cell.Count)
	for line := range strings.Lines(cell.Source) {
		fmt.Fprintf(os.Stderr, "    %s", line)
	}
	traceback := strings.Join(failure.Traceback, "\n")
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		traceback = display.Plain(traceback)
	}
	fmt.Fprintf(os.Stderr, "\n\n%s\n", traceback)
	return fmt.Errorf("cell In[%d] failed: %s: %s", cell.Count, failure.Name, failure.Value)
}
