// Package python finds a Python and sets up private environments with it: once for each
// set of packages, under the user's cache folder. It knows nothing of what the packages
// are for.
package python

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"locuslab/kernel/filelock"
)

// Engines is what an environment for the whole comparison holds, pinned.
var Engines = []string{"pandas==2.3.3", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1", "modin[ray]==0.37.1"}

// DuckDB is what checking answers needs.
var DuckDB = []string{"duckdb==2.0.0"}

// Files is what writes files for tests of the readers.
var Files = []string{"pandas==2.3.3", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1"}

// Papermill is what runs notebooks with parameters, in tests of those.
var Papermill = []string{"papermill==2.7.0"}

// Environment gives the interpreter of an environment that holds the packages.
// The first call creates it with venv and pip, which takes a minute and says so
// on log; processes that ask at the same time wait for the first.
func Environment(ctx context.Context, log io.Writer, packages ...string) (interpreter string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("set up Python: %w", err)
	}
	sum := sha256.Sum256(fmt.Append(nil, packages))
	dir := filepath.Join(cache, "locuslab", "engines", fmt.Sprintf("%x", sum[:6]))
	interpreter = filepath.Join(dir, "bin", "python")
	ready := filepath.Join(dir, "ready")
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("set up Python: %w", err)
	}
	unlock, err := filelock.Lock(ctx, dir+".lock", nil)
	if err != nil {
		return "", fmt.Errorf("set up Python: %w", err)
	}
	defer unlock()
	if _, err := os.Stat(ready); err == nil {
		return interpreter, nil
	}
	fmt.Fprintf(log, "setting up a Python environment with %v (first time: about a minute)…\n", packages)
	if err := os.RemoveAll(dir); err != nil { // of a setup that was broken off
		return "", fmt.Errorf("set up Python: %w", err)
	}
	found, err := Find(ctx)
	if err != nil {
		return "", fmt.Errorf("set up Python: %w (on Debian and Ubuntu, apt-get install python3-venv)", err)
	}
	if err := run(ctx, log, found.Path, "-m", "venv", dir); err != nil {
		return "", err
	}
	if err := run(ctx, log, interpreter, append([]string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}, packages...)...); err != nil {
		return "", err
	}
	if err := os.WriteFile(ready, nil, 0o644); err != nil {
		return "", fmt.Errorf("set up Python: %w", err)
	}
	return interpreter, nil
}

func run(ctx context.Context, log io.Writer, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = Env()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("set up Python: %s: %w", cmd, err)
	}
	return nil
}
