package python

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"locuslab/kernel/filelock"
)

// Open makes a virtual environment with the packages in dir, or finds it there: a stamp in it
// says that it is whole. Processes that ask at the same time wait for the first.
func Open(ctx context.Context, dir string, interpreter Interpreter, requirements []string, run Run) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("cannot make the cache folder: %w", err)
	}
	unlock, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	stamp := filepath.Join(dir, "complete")
	if _, err := os.Stat(stamp); err == nil {
		// A link to the Python that it was made with, which may have gone.
		if _, err := os.Stat(program(dir, "python")); err == nil {
			return nil
		}
	}
	if err := os.RemoveAll(dir); err != nil { // what an interrupted set-up left
		return fmt.Errorf("cannot remove the unfinished Python environment: %w", err)
	}
	cmd := exec.Command(interpreter.Path, "-m", "venv", dir)
	cmd.Env = Env()
	if err := run(cmd); err != nil {
		return fmt.Errorf("cannot make the Python environment %s: %w", dir, err)
	}
	if err := Install(ctx, dir, requirements, run); err != nil {
		return err
	}
	if err := os.WriteFile(stamp, nil, 0o644); err != nil {
		return fmt.Errorf("set up Python: %w", err)
	}
	return nil
}

// Add installs more packages into the environment that [Open] made in dir, once for each list of them.
func Add(ctx context.Context, dir string, requirements []string, run Run) error {
	unlock, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	stamp := filepath.Join(dir, fmt.Sprintf("added-%x", sha256.Sum256([]byte(strings.Join(requirements, "\n")))))
	if _, err := os.Stat(stamp); err == nil {
		return nil
	}
	if err := Install(ctx, dir, requirements, run); err != nil {
		return err
	}
	if err := os.WriteFile(stamp, nil, 0o644); err != nil {
		return fmt.Errorf("set up Python: %w", err)
	}
	return nil
}

// lock keeps other processes from changing the environment in dir. The file stands beside dir: uv has a lock of its
// own in there, and waits five minutes for whoever holds it.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	unlock, err = filelock.Lock(ctx, dir+".lock", nil)
	if err != nil {
		return nil, fmt.Errorf("set up Python: %w", err)
	}
	return unlock, nil
}
