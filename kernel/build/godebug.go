package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// A program behaves as its module's go line says, in what Go has changed since: the
// linker writes such settings into it (GODEBUG). The worker serves modules of any go
// line, and is told them in its environment.

// WorkerEnv is what a worker needs in its environment to behave as a program of the
// module would.
func (w *Workspace) WorkerEnv(ctx context.Context) ([]string, error) {
	settings, err := w.defaultGodebug(ctx)
	if err != nil || settings == "" {
		return nil, err
	}
	if own := os.Getenv("GODEBUG"); own != "" { // the last one counts
		settings += "," + own
	}
	return []string{"GODEBUG=" + settings}, nil
}

// defaultGodebug asks the go command what a program of the session's module would get,
// once for each state of go.mod.
func (w *Workspace) defaultGodebug(ctx context.Context) (string, error) {
	goMod, err := os.ReadFile(filepath.Join(w.home, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read the session's go.mod: %w", err)
	}
	f, err := modfile.ParseLax("go.mod", goMod, nil)
	if err != nil {
		return "", fmt.Errorf("read the session's go.mod: %w", err)
	}
	if f.Go != nil && languageVersion("go"+f.Go.Version) == languageVersion(w.tool.GOVERSION) && len(f.Godebug) == 0 {
		return "", nil
	}
	known := filepath.Join(w.home, "godebug.txt")
	state := fmt.Sprintf("%s %q\n", w.tool.GOVERSION, goMod)
	if text, err := os.ReadFile(known); err == nil {
		if settings, ok := strings.CutPrefix(string(text), state); ok {
			return settings, nil
		}
	}
	const folder = "defaults"
	if err := writeFile(filepath.Join(w.home, folder, "main.go"), []byte("package main\n\nfunc main() {}\n")); err != nil {
		return "", fmt.Errorf("ask for the settings of the module's go line: %w", err)
	}
	out, err := w.goCommand(ctx, "list", "-f", "{{.DefaultGODEBUG}}", "./"+folder)
	if err != nil {
		return "", fmt.Errorf("ask for the settings of the module's go line: %w", err)
	}
	settings := strings.TrimSpace(string(out))
	if err := writeFile(known, []byte(state+settings)); err != nil {
		return "", fmt.Errorf("keep the settings of the module's go line: %w", err)
	}
	return settings, nil
}
