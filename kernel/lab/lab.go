// Package lab sets up JupyterLab for the lessons and runs it: a private Python
// environment with pinned versions, the kernels registered in it, the
// services of the notebooks' folder beside it. It also reports what a machine lacks for
// that.
//
// Everything it makes lies in one cache folder and is made once; what it starts
// ends with it, however it ends. It installs nothing into the user's Python and
// reads none of the user's Jupyter settings, so that a lesson looks the same
// everywhere.
//
// The package knows nothing of what a kernel does: a kernel is a program with a
// kernelspec.
package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/google/renameio/v2"

	"locuslab/kernel/filelock"
)

// JupyterDataDir is where Jupyter looks for the user's own kernelspecs.
func JupyterDataDir() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("cannot tell where Jupyter keeps kernelspecs: %w; set JUPYTER_DATA_DIR or HOME", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// lock keeps other processes from making the same thing in dir at the same
// time. It waits for them. The lock ends with unlock or with the process.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the cache folder: %w", err)
	}
	return filelock.Lock(ctx, filepath.Join(dir, ".lock"), nil)
}

// fingerprint names content by a short hash, for folders that must not be
// reused when what they were made from changes.
func fingerprint(content ...[]byte) string {
	h := sha256.New()
	for _, c := range content {
		fmt.Fprintf(h, "%d\n", len(c))
		h.Write(c)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// StableExecutable copies the running program into the cache and returns the
// copy's path: `go run` removes its executable when it ends, and a kernelspec
// has to stay valid. Copies are named by their content, so that a kernel that
// runs is never written over.
func StableExecutable(cache string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("cannot find the running program: %w", err)
	}
	src, err := os.Open(self)
	if err != nil {
		return "", fmt.Errorf("cannot read the running program: %w", err)
	}
	defer src.Close()
	h := sha256.New()
	if _, err := io.Copy(h, src); err != nil {
		return "", fmt.Errorf("cannot read the running program: %w", err)
	}
	dir := filepath.Join(cache, "bin", hex.EncodeToString(h.Sum(nil))[:12])
	exe := filepath.Join(dir, "locuslab")
	if _, err := os.Stat(exe); err == nil {
		return exe, nil
	}
	if err := copyProgram(src, dir, exe); err != nil {
		return "", fmt.Errorf("cannot copy the program to %s: %w", exe, err)
	}
	return exe, nil
}

func copyProgram(src *os.File, dir, exe string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(exe, renameio.WithTempDir(dir), renameio.WithStaticPermissions(0o755))
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, src); err != nil {
		return errors.Join(err, f.Cleanup())
	}
	return f.CloseAtomicallyReplace()
}
