package lab

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed logo.svg
var logo []byte

// Kernelspec is how Jupyter starts a kernel; see "Kernel specs" in the manual of
// jupyter_client.
type Kernelspec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata"`
}

// Locuslab is the kernelspec of this project's kernel, in program exe.
func Locuslab(exe string) Kernelspec {
	return Kernelspec{
		Argv:          []string{exe, "serve", "{connection_file}"},
		DisplayName:   "Go (locuslab)",
		Language:      "go",
		InterruptMode: "message",
		Env:           map[string]string{},
		Metadata:      map[string]any{"debugger": true},
	}
}

// Register writes a kernelspec into a folder of kernelspecs under the given
// name, replacing an older one, and returns the folder that it made.
func Register(kernels, name string, spec Kernelspec) (string, error) {
	dir := filepath.Join(kernels, name)
	content, err := json.MarshalIndent(spec, "", " ")
	if err != nil {
		return "", fmt.Errorf("cannot register kernel %s: %w", name, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot register kernel %s: %w", name, err)
	}
	for file, content := range map[string][]byte{"kernel.json": append(content, '\n'), "logo-svg.svg": logo} {
		if err := os.WriteFile(filepath.Join(dir, file), content, 0o644); err != nil {
			return "", fmt.Errorf("cannot register kernel %s: %w", name, err)
		}
	}
	return dir, nil
}
