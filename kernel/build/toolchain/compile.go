package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// A Compilation is one run of the compiler. What it needs beside its sources it writes
// into the folder of its output.
type Compilation struct {
	Package  string            // path, as symbols bear it
	Sources  []string          // files
	Archives map[string]string // of what they import, by import path
	Output   string            // the archive to write
	Flags    []string
}

// Compile compiles a package: a cell, in the first place, so that it does what is fastest
// for little code (one thread, no garbage collection, nothing for debuggers). A function
// without a body is one that another object defines, compiled like this one.
func (t *Toolchain) Compile(ctx context.Context, c Compilation) error {
	dir := filepath.Dir(c.Output)
	config := c.Output + ".importcfg"
	if err := os.WriteFile(config, importConfig(c.Archives), 0o644); err != nil {
		return fmt.Errorf("compile %s: %w", c.Package, err)
	}
	args := append([]string{"-p", c.Package, "-importcfg", config, "-pack", "-c=1", "-dwarf=false", "-o", c.Output}, c.Flags...)
	quick := t.With(append(slices.Clip(t.env), "GOGC=off"))
	_, err := quick.run(ctx, dir, t.tool("compile"), append(args, c.Sources...)...)
	return err
}
