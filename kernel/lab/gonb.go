package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// gonbPrograms are stock gonb and the programs that it looks for on PATH.
var gonbPrograms = []string{
	"github.com/janpfeifer/gonb",
	"golang.org/x/tools/gopls",
	"golang.org/x/tools/cmd/goimports",
}

// BuildGonb builds stock gonb, gopls and goimports at the versions that
// kernel/lab/tools/go.mod names, or finds them in the cache, and returns gonb's
// kernelspec, which runs it under the command supervise of program exe.
// Building takes about a minute the first time.
func BuildGonb(ctx context.Context, exe, cache, checkout string, step *Step) (Kernelspec, error) {
	tools := filepath.Join(checkout, "kernel", "lab", "tools")
	var pins [][]byte
	for _, file := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(tools, file))
		if err != nil {
			return Kernelspec{}, fmt.Errorf("cannot tell which gonb to build: %w", err)
		}
		pins = append(pins, content)
	}
	version, err := goCommand(ctx, "env", "GOVERSION").Output()
	if err != nil {
		return Kernelspec{}, fmt.Errorf("cannot run the go command, which builds gonb: %w", err)
	}
	unlock, err := lock(ctx, cache)
	if err != nil {
		return Kernelspec{}, err
	}
	defer unlock()
	dir := filepath.Join(cache, "gonb-"+fingerprint(append(pins, version)...))
	stamp := filepath.Join(dir, "complete")
	if _, err := os.Stat(stamp); err != nil {
		if err := buildGonb(ctx, tools, dir, step); err != nil {
			return Kernelspec{}, err
		}
		if err := os.WriteFile(stamp, nil, 0o644); err != nil {
			return Kernelspec{}, fmt.Errorf("cannot keep the built gonb: %w", err)
		}
	}
	return Kernelspec{
		// The program itself is stock; the supervisor removes what it leaves.
		Argv:          []string{exe, "supervise", filepath.Join(dir, "gonb"), "--kernel", "{connection_file}"},
		DisplayName:   "Go (gonb)",
		Language:      "go",
		InterruptMode: "message",
		// gonb starts gopls and goimports by name.
		Env:      map[string]string{"PATH": dir + string(os.PathListSeparator) + "${PATH}"},
		Metadata: map[string]any{"debugger": false},
	}, nil
}

func buildGonb(ctx context.Context, tools, dir string, step *Step) error {
	// The packages that are built already are not printed, so this is the most
	// that it can be.
	step.Say("fetching the modules")
	list := goCommand(ctx, append([]string{"list", "-deps"}, gonbPrograms...)...)
	list.Dir = tools
	packages := 0
	if err := step.run(ctx, list, func(string) { packages++ }); err != nil {
		return fmt.Errorf("cannot fetch gonb's modules; is the network there? %w", err)
	}
	step.Expect(packages)
	build := goCommand(ctx, append([]string{"build", "-v", "-o", dir + string(filepath.Separator)}, gonbPrograms...)...)
	build.Dir = tools
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot build gonb: %w", err)
	}
	if err := step.run(ctx, build, step.Advance); err != nil {
		return fmt.Errorf("cannot build gonb: %w", err)
	}
	return nil
}

// goCommand runs the go command outside of any workspace and with none of the
// user's flags, which are for their own code.
func goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "GOFLAGS=") && !strings.HasPrefix(kv, "GOWORK=") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "GOFLAGS=", "GOWORK=off")
	return cmd
}
