package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Spec is a kernelspec: how a kernel is started.
type Spec struct {
	Argv          []string          `json:"argv"` // {connection_file} stands for the path of that file
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"` // "message"; else a signal
	Env           map[string]string `json:"env"`
}

// ReadSpec reads the kernelspec in folder dir.
func ReadSpec(dir string) (Spec, error) {
	path := filepath.Join(dir, "kernel.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return Spec{}, fmt.Errorf("read a kernelspec: %w", err)
	}
	var s Spec
	if err := json.Unmarshal(text, &s); err != nil {
		return Spec{}, fmt.Errorf("kernelspec %s is not of its form: %w", path, err)
	}
	if len(s.Argv) == 0 {
		return Spec{}, fmt.Errorf("kernelspec %s: %w", path, errors.New("argv is empty"))
	}
	return s, nil
}
