package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"locuslab/kernel/build"
	"locuslab/kernel/cleanup"
	"locuslab/kernel/comm"
	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/magic"
	"locuslab/kernel/pagefiles"
)

// newServeCommand is what Jupyter calls, by the kernelspec; it is of no use to a
// user and not listed.
func newServeCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "serve CONNECTION_FILE",
		Short:  "Run the kernel for a Jupyter front end",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			return serve(cmd.Context(), args[0])
		},
	}
}

// serve runs the kernel until a front end shuts it down, the process is told to
// end, or the front end that started it has died. The notebook's folder is the
// working directory, as Jupyter has it.
func serve(ctx context.Context, connectionFile string) error {
	connection, err := wire.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	log := newLog()
	cache, err := build.CacheRoot()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, orphaned := context.WithCancelCause(ctx)
	defer orphaned(nil)
	go watchParent(ctx, orphaned)

	if sweep, err := cleanup.Watch(); err != nil {
		log.Warn("what cells start may outlive the kernel", "err", err)
	} else {
		defer sweep()
	}
	comms := comm.NewRouter()
	o := sessionOptions(log)
	o.Notebook, o.Comms, o.History = os.Getenv("JPY_SESSION_NAME"), comms, pastInputs(cache)
	o.KernelID, o.Server = kernelID(connectionFile), pageServer(connectionFile, log)
	engine := newEngine(ctx, o)
	defer engine.close()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go func() {
		for {
			select {
			case <-interrupts:
				engine.Interrupt()
			case <-ctx.Done():
				return
			}
		}
	}()
	return jupyter.Serve(ctx, connection, engine, jupyter.Options{
		Info: kernelInfo(), History: filepath.Join(cache, "history"), Log: log, Comms: comms,
	})
}

// pageServer finds the Jupyter server that started the kernel, nil if none has: its file lies
// beside the connection file.
func pageServer(connectionFile string, log *slog.Logger) *pagefiles.Server {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil {
		return nil
	}
	s, err := pagefiles.FindServer(pid, filepath.Dir(connectionFile), os.Getenv("JUPYTER_RUNTIME_DIR"))
	if err != nil {
		log.Debug("find the Jupyter server", "err", err)
		return nil
	}
	return &s
}

// kernelID is what Jupyter's server calls the kernel: it names the connection file by it.
func kernelID(connectionFile string) string {
	name, ok := strings.CutPrefix(strings.TrimSuffix(filepath.Base(connectionFile), ".json"), "kernel-")
	if !ok {
		return ""
	}
	return name
}

// pastInputs reads what all sessions have run.
func pastInputs(cache string) func() ([]magic.Input, error) {
	return func() (list []magic.Input, err error) {
		past, err := jupyter.PastCells(filepath.Join(cache, "history"))
		for _, c := range past {
			list = append(list, magic.Input{Session: c.Session, Count: c.Count, Code: c.Code})
		}
		return list, err
	}
}

func kernelInfo() jupyter.Info {
	version := strings.TrimPrefix(runtime.Version(), "go")
	return jupyter.Info{
		Implementation: "locuslab",
		Version:        "0.1.0",
		Banner:         fmt.Sprintf("Go %s (locuslab): compiled cells, live values. %%help lists the magics.", version),
		Language: jupyter.Language{
			Name: "go", Version: version, MIME: "text/x-go", Extension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "go",
		},
		Help: []jupyter.Link{
			{Text: "A Tour of Go", URL: "https://go.dev/tour/"},
			{Text: "Go standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Go language specification", URL: "https://go.dev/ref/spec"},
		},
	}
}

// errOrphaned ends a kernel whose front end has died.
var errOrphaned = errors.New("the front end that started the kernel has ended")

// watchParent ends the kernel when the front end that started it dies: one that is
// killed sends no shutdown, and its kernels would run for ever. Jupyter names
// itself in JPY_PARENT_PID; a kernel started without it has no such owner.
func watchParent(ctx context.Context, end context.CancelCauseFunc) {
	owner, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || owner <= 1 {
		return
	}
	child := os.Getppid() == owner // else a launcher stands between
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// A dead owner's number may be given to another process, so a child looks at
			// who its parent is.
			if child && os.Getppid() != owner || errors.Is(syscall.Kill(owner, 0), syscall.ESRCH) {
				end(errOrphaned)
				return
			}
		}
	}
}
