package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"locuslab/kernel/build"
	"locuslab/kernel/lab"
	"locuslab/kernel/process"
)

func newInstallCommand() *cobra.Command {
	var prefix string
	var gonb bool
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Register the kernel with a Jupyter of your own",
		Long: `Register the kernel "Go (locuslab)" with a Jupyter of your own.

The kernelspec goes into the user's Jupyter data folder (JUPYTER_DATA_DIR, else
the platform's own), or into DIR/share/jupyter/kernels with --prefix, for example
a virtual environment. The program itself is copied into the cache folder.

A module for papermill goes into the site-packages of that environment, or of the
user: with it, papermill sets the variables that a cell tagged "parameters" declares.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := process.UntilEnded(cmd.Context())
			defer cancel()
			return install(ctx, prefix, gonb)
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "install into this folder's share/jupyter/kernels")
	cmd.Flags().BoolVar(&gonb, "gonb", false, "build stock gonb and register it too")
	return cmd
}

func install(ctx context.Context, prefix string, gonb bool) error {
	data, err := lab.JupyterDataDir()
	if err != nil {
		return err
	}
	if prefix != "" {
		if prefix, err = filepath.Abs(prefix); err != nil {
			return err
		}
		data = filepath.Join(prefix, "share", "jupyter")
	}
	kernels := filepath.Join(data, "kernels")
	cache, err := build.CacheRoot()
	if err != nil {
		return err
	}
	exe, err := lab.StableExecutable(cache)
	if err != nil {
		return err
	}
	dir, err := lab.Register(kernels, "locuslab", lab.Locuslab(exe))
	if err != nil {
		return err
	}
	fmt.Printf("registered kernel locuslab in %s\n", dir)
	sites, err := lab.RegisterPapermill(ctx, prefix)
	if err != nil {
		return err
	}
	for _, site := range sites {
		fmt.Printf("papermill can set parameters of its notebooks: module locuslab_papermill in %s\n", site)
	}
	if !gonb {
		return nil
	}
	steps := &lab.Steps{Out: os.Stderr, Total: 1}
	err = steps.Do("kernel gonb", func(s *lab.Step) error {
		return registerGonb(ctx, exe, cache, ".", kernels, s)
	})
	if err != nil {
		return err
	}
	fmt.Printf("registered kernel gonb in %s\n", filepath.Join(kernels, "gonb"))
	return nil
}
