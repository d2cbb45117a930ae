package lab

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"locuslab/kernel/lab/python"
)

//go:embed requirements/jupyterlab.txt
var labRequirements []byte

//go:embed requirements/conformance.txt
var conformanceRequirements []byte

// settings switch off what JupyterLab would ask of a learner at the first start:
// whether to fetch news from the network.
const settings = `{
 "@jupyterlab/apputils-extension:notification": {
  "fetchNews": "false",
  "checkForUpdates": false
 }
}
`

// Environment is a private virtual environment with JupyterLab in it.
type Environment struct {
	Dir string
}

// Program is the path of a program of the environment, such as python or
// jupyter-lab.
func (e Environment) Program(name string) string { return filepath.Join(e.Dir, "bin", name) }

// Kernels is where the environment's kernelspecs are.
func (e Environment) Kernels() string { return filepath.Join(e.Dir, "share", "jupyter", "kernels") }

// OpenEnvironment makes the environment in the cache, or finds it there: its
// folder is named after the pinned versions and the version of Python, so that all
// Pythons of a version share it. Making it takes some seconds and 300 MB.
func OpenEnvironment(ctx context.Context, cache string, interpreter python.Interpreter, step *Step) (Environment, error) {
	env := Environment{Dir: filepath.Join(cache, "jupyter-"+fingerprint(labRequirements, []byte(interpreter.Version+" "+interpreter.ABI)))}
	if err := python.Open(ctx, env.Dir, interpreter, requirements(labRequirements), step.runner(ctx)); err != nil {
		return Environment{}, fmt.Errorf("cannot set up JupyterLab: %w", err)
	}
	overrides := filepath.Join(env.Dir, "share", "jupyter", "lab", "settings", "overrides.json")
	if have, err := os.ReadFile(overrides); err == nil && string(have) == settings {
		return env, nil
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(overrides), 0o755), renameio.WriteFile(overrides, []byte(settings), 0o644)); err != nil {
		return Environment{}, fmt.Errorf("cannot set up JupyterLab: %w", err)
	}
	return env, nil
}

// AddConformance adds what the project's own tests need besides JupyterLab: the
// official kernel test suite, jupyter_kernel_test.
func (e Environment) AddConformance(ctx context.Context, step *Step) error {
	return python.Add(ctx, e.Dir, requirements(conformanceRequirements), step.runner(ctx))
}

// requirements are the lines of a file of requirements.
func requirements(file []byte) []string { return strings.Split(strings.TrimSpace(string(file)), "\n") }

// runner runs commands and shows the last line that they have printed.
func (s *Step) runner(ctx context.Context) python.Run {
	return func(cmd *exec.Cmd) error { return s.run(ctx, cmd, s.Say) }
}
