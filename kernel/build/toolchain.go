package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
)

// toolchain is the Go installation that a workspace uses, asked once from the
// workspace's module, whose go line may select another release than the default.
type toolchain struct {
	GOROOT, GOTOOLDIR, GOVERSION, GOOS, GOARCH, GOMOD, CC, CXX string
	GOMODCACHE, GOCACHE, GOWORK, GOFLAGS, CGO_ENABLED          string
	GOEXPERIMENT, GOAMD64, GOARM64, GOFIPS140                  string
}

func findToolchain(ctx context.Context, dir string, env []string) (*toolchain, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOROOT", "GOTOOLDIR", "GOVERSION", "GOOS", "GOARCH", "GOMOD", "CC", "CXX", "GOMODCACHE", "GOCACHE",
		"GOWORK", "GOFLAGS", "CGO_ENABLED", "GOEXPERIMENT", "GOAMD64", "GOARM64", "GOFIPS140")
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("find the Go toolchain: no go command on PATH: install Go 1.26 or newer (https://go.dev/dl): %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("ask the Go toolchain in %s: %w", dir, withStderr(err))
	}
	var t toolchain
	if err := json.Unmarshal(out, &t); err != nil {
		return nil, fmt.Errorf("read the answer of go env in %s: %w", dir, err)
	}
	return &t, nil
}

// goTool is a go command. When ctx ends it is killed with the compilers and linkers
// that it has started, which it would else wait for.
func goTool(ctx context.Context, dir string, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// withStderr adds what a failed command wrote to its error.
func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}
