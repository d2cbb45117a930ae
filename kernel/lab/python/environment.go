// Package python finds a Python and sets up private environments with it: once for each
// set of packages, under the user's cache folder. It knows nothing of what the packages
// are for.
package python

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"locuslab/kernel/process"
)

// Engines is what an environment for the whole comparison holds, pinned.
var Engines = []string{"pandas==2.3.3", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1", "modin[ray]==0.37.1"}

// DuckDB is what checking answers needs.
var DuckDB = []string{"duckdb==2.0.0"}

// Files is what writes files for tests of the readers.
var Files = []string{"pandas==2.3.3", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1"}

// Papermill is what runs notebooks with parameters, in tests of those.
var Papermill = []string{"papermill==2.7.0"}

// Environment returns the interpreter of an environment that holds the packages, which the
// versions of Python and of the packages name. The first call makes it, which takes seconds
// to a minute, and says so on log.
func Environment(ctx context.Context, log io.Writer, packages ...string) (interpreter string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("set up Python: %w", err)
	}
	found, err := Find(ctx)
	if err != nil {
		return "", fmt.Errorf("set up Python: %w (on Debian and Ubuntu, apt-get install python3-venv)", err)
	}
	sum := sha256.Sum256(fmt.Append(nil, found.Version, found.ABI, packages))
	dir := filepath.Join(cache, "locuslab", "engines", fmt.Sprintf("%x", sum[:6]))
	told := false
	err = Open(ctx, dir, found, packages, func(cmd *exec.Cmd) error {
		if !told {
			fmt.Fprintf(log, "setting up a Python environment with %v (only the first time)…\n", packages)
			told = true
		}
		return runOn(ctx, log, cmd)
	})
	return program(dir, "python"), err
}

// runOn runs a command and writes what it prints on log if it fails.
func runOn(ctx context.Context, log io.Writer, cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	child, err := process.Start(cmd)
	if err == nil {
		err = child.WaitOrEnd(ctx)
	}
	if err != nil {
		fmt.Fprintf(log, "%s\n", said.Bytes())
		return fmt.Errorf("%s: %w", cmd, err)
	}
	return nil
}
