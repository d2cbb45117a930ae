package lab

import (
	"context"
	"fmt"

	"locuslab/kernel/lab/python"
)

// FindPython finds a Python for JupyterLab. The error says how to get one.
func FindPython(ctx context.Context) (python.Interpreter, error) {
	found, err := python.Find(ctx)
	if err != nil {
		return found, fmt.Errorf("%w; %s", err, hint(packages{apt: "python3 python3-venv", dnf: "python3", pacman: "python", apk: "python3", brew: "python@3.13"}))
	}
	return found, nil
}
