package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// toolchain is the Go installation that a workspace uses, asked once from the
// workspace's module, whose go line may select another release than the default.
type toolchain struct {
	GOROOT, GOTOOLDIR, GOVERSION, GOOS, GOARCH, GOMOD, CC string
	GOMODCACHE, GOCACHE, GOWORK, GOFLAGS, CGO_ENABLED     string
	GOEXPERIMENT, GOAMD64, GOARM64, GOFIPS140             string
}

// fastReleases are the releases whose object format and type layout the stub
// link was checked against; any other gets the full plugin link.
var fastReleases = regexp.MustCompile(`^go1\.26(\.\d+)?( |-|$)`)

func findToolchain(ctx context.Context, dir string, env []string) (*toolchain, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOROOT", "GOTOOLDIR", "GOVERSION", "GOOS", "GOARCH", "GOMOD", "CC", "GOMODCACHE", "GOCACHE",
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

// fast reports whether this toolchain and platform can use the stub link.
func (t *toolchain) fast() bool {
	return t.GOOS == "linux" && (t.GOARCH == "amd64" || t.GOARCH == "arm64") && fastReleases.MatchString(t.GOVERSION)
}

func (t *toolchain) tool(name string) string { return filepath.Join(t.GOTOOLDIR, name) }

// checkCC tells early that cgo, which the worker needs for dlopen, lacks its compiler.
func (t *toolchain) checkCC() error {
	cc := strings.Fields(t.CC)
	if len(cc) == 0 {
		cc = []string{"gcc"}
	}
	if _, err := exec.LookPath(cc[0]); err != nil {
		return fmt.Errorf("find the C compiler %q, which building the worker needs: install gcc (Debian, Ubuntu: apt install gcc libc6-dev; macOS: xcode-select --install) or set CC: %w", cc[0], err)
	}
	return nil
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

// libgcc is the compiler's own library, which the driver would add for C code.
func (w *Workspace) libgcc(ctx context.Context) string {
	cc := strings.Fields(w.tool.CC)
	out, err := exec.CommandContext(ctx, cc[0], "-print-libgcc-file-name").Output()
	if err != nil {
		return "-lgcc"
	}
	return strings.TrimSpace(string(out))
}
