package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"locuslab/kernel/build"
	"locuslab/kernel/lab"
	"locuslab/kernel/process"
)

// lesson is what lab opens unless told otherwise, in the checkout.
const lesson = "notebooks/parallel-processing.ipynb"

type labFlags struct {
	noBrowser, setupOnly, noGonb bool
	ip                           string
	port                         int
}

func newLabCommand() *cobra.Command {
	var f labFlags
	cmd := &cobra.Command{
		Use:   "lab [NOTEBOOK]",
		Short: "Set everything up and open JupyterLab on the lesson",
		Long: `Set everything up and open JupyterLab on the lesson, or on NOTEBOOK.

The first start makes a private Python environment with JupyterLab and registers the
kernel: about a minute. While you look around it compiles what the notebooks import
and stock gonb, whose kernel appears when it is ready. Later starts take seconds.
Everything lies in the user's cache folder; nothing is installed anywhere else.

Beside JupyterLab run the services that the notebook's folder asks for in its file
services.json. Ctrl-C ends everything.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			notebook := ""
			if len(args) == 1 {
				notebook = args[0]
			}
			return runLab(cmd.Context(), f, notebook)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.noBrowser, "no-browser", false, "print the address and open no browser")
	flags.BoolVar(&f.setupOnly, "setup-only", false, "set everything up and end")
	flags.BoolVar(&f.noGonb, "no-gonb", false, "do without stock gonb")
	flags.StringVar(&f.ip, "ip", "127.0.0.1", "address that JupyterLab answers on; in a container 0.0.0.0, and publish the port on loopback only")
	flags.IntVar(&f.port, "port", 0, fmt.Sprintf("port for JupyterLab (default: %d, or a free one)", lab.DefaultPort))
	return cmd
}

func runLab(ctx context.Context, f labFlags, notebook string) error {
	ctx, cancel := process.UntilEnded(ctx)
	defer cancel()
	cache, err := build.CacheRoot()
	if err != nil {
		return err
	}
	root, open, err := labFolder(notebook)
	if err != nil {
		return err
	}
	if net.ParseIP(f.ip) == nil {
		return fmt.Errorf("--ip %s is no address such as 127.0.0.1", f.ip)
	}
	if !f.setupOnly {
		if err := lab.CheckPort(f.port); err != nil {
			return err // rather than after minutes
		}
	}
	p, err := prepare(ctx, preparation{
		cache: cache, root: root, gonb: !f.noGonb,
		folder: filepath.Join(root, filepath.Dir(open)), open: filepath.Base(open),
	})
	if err != nil {
		return err
	}
	defer p.close()
	if f.setupOnly {
		return p.wait()
	}
	server, err := lab.StartServer(ctx, lab.ServerOptions{
		Environment: p.env, Cache: cache, Root: root, Open: open, IP: f.ip, Port: f.port,
		Env: append(p.services.Env(), preparingVariable+"="+p.status),
	})
	if err != nil {
		return err
	}
	defer server.Close()
	p.steps.Above(func() {
		fmt.Printf("JupyterLab: %s\n", server.URL())
		for _, s := range p.services {
			fmt.Fprintln(os.Stderr, s.Where())
		}
		fmt.Fprintf(os.Stderr, "JupyterLab's log: %s\nCtrl-C ends everything.\n", server.Log())
	})
	if !f.noBrowser {
		if err := lab.OpenBrowser(server.URL()); err != nil {
			p.steps.Above(func() { fmt.Fprintln(os.Stderr, err) })
		}
	}
	return server.Wait(ctx)
}

// labFolder decides which folder JupyterLab shows and which notebook in it it
// opens. In a checkout that is the whole checkout, so that pictures beside the
// notebooks' folder are seen.
func labFolder(notebook string) (root, open string, err error) {
	near := "."
	if notebook != "" {
		if _, err := os.Stat(notebook); err != nil {
			return "", "", fmt.Errorf("cannot open the notebook: %w", err)
		}
		if notebook, err = filepath.Abs(notebook); err != nil {
			return "", "", err
		}
		near = filepath.Dir(notebook)
	}
	checkout, err := lab.Checkout(near)
	if notebook == "" {
		if err != nil {
			return "", "", err
		}
		if _, err := os.Stat(filepath.Join(checkout, lesson)); err != nil {
			return checkout, "", nil
		}
		return checkout, lesson, nil
	}
	if err == nil {
		if rel, err := filepath.Rel(checkout, notebook); err == nil && !strings.HasPrefix(rel, "..") {
			return checkout, rel, nil
		}
	}
	return near, filepath.Base(notebook), nil
}

// registerGonb builds stock gonb, or finds it, and registers it.
func registerGonb(ctx context.Context, exe, cache, near, kernels string, s *lab.Step) error {
	checkout, err := lab.Checkout(near)
	if err != nil {
		return err
	}
	spec, err := lab.BuildGonb(ctx, exe, cache, checkout, s)
	if err != nil {
		return err
	}
	_, err = lab.Register(kernels, "gonb", spec)
	return err
}
