package lab

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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
// Pythons of a version share it, and a stamp in it says that it is whole. Making it
// takes about half a minute and 300 MB.
func OpenEnvironment(ctx context.Context, cache string, interpreter python.Interpreter, step *Step) (Environment, error) {
	unlock, err := lock(ctx, cache)
	if err != nil {
		return Environment{}, err
	}
	defer unlock()
	env := Environment{Dir: filepath.Join(cache, "jupyter-"+fingerprint(labRequirements, []byte(interpreter.Version+" "+interpreter.ABI)))}
	stamp := filepath.Join(env.Dir, "complete")
	if _, err := os.Stat(stamp); err == nil {
		// A link to the Python that it was made with, which may have gone.
		if _, err := os.Stat(env.Program("python")); err == nil {
			return env, nil
		}
	}
	if err := os.RemoveAll(env.Dir); err != nil { // what an interrupted set-up left
		return Environment{}, fmt.Errorf("cannot remove the unfinished Python environment: %w", err)
	}
	step.Say("making a virtual environment with Python " + interpreter.Version)
	cmd := exec.Command(interpreter.Path, "-m", "venv", env.Dir)
	cmd.Env = python.Env()
	if err := step.run(ctx, cmd, step.Say); err != nil {
		return Environment{}, fmt.Errorf("cannot make the Python environment %s: %w", env.Dir, err)
	}
	if err := env.install(ctx, labRequirements, step); err != nil {
		return Environment{}, err
	}
	overrides := filepath.Join(env.Dir, "share", "jupyter", "lab", "settings", "overrides.json")
	if err := os.MkdirAll(filepath.Dir(overrides), 0o755); err != nil {
		return Environment{}, fmt.Errorf("cannot set up JupyterLab: %w", err)
	}
	for _, f := range []struct{ path, content string }{{overrides, settings}, {stamp, ""}} {
		if err := os.WriteFile(f.path, []byte(f.content), 0o644); err != nil {
			return Environment{}, fmt.Errorf("cannot set up JupyterLab: %w", err)
		}
	}
	return env, nil
}

// AddConformance adds what the project's own tests need besides JupyterLab: the
// official kernel test suite, jupyter_kernel_test.
func (e Environment) AddConformance(ctx context.Context, step *Step) error {
	unlock, err := lock(ctx, e.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	stamp := filepath.Join(e.Dir, "conformance-"+fingerprint(conformanceRequirements))
	if _, err := os.Stat(stamp); err == nil {
		return nil
	}
	if err := e.install(ctx, conformanceRequirements, step); err != nil {
		return err
	}
	return os.WriteFile(stamp, nil, 0o644)
}

// install installs a set of pinned requirements.
func (e Environment) install(ctx context.Context, requirements []byte, step *Step) error {
	list := filepath.Join(e.Dir, "requirements.txt")
	if err := os.WriteFile(list, requirements, 0o644); err != nil {
		return fmt.Errorf("cannot set up the Python environment: %w", err)
	}
	step.Expect(strings.Count(string(requirements), "=="))
	// Python compiles what is imported when it is; all of it at once is a third of the time.
	cmd := exec.Command(e.Program("python"), "-m", "pip", "install", "--no-compile", "--progress-bar=off", "-r", list)
	cmd.Env = python.Env()
	err := step.run(ctx, cmd, func(line string) {
		switch {
		case strings.HasPrefix(line, "Collecting "):
			what, _, _ := strings.Cut(line, " (from ")
			step.Advance(what)
		case strings.HasPrefix(line, "Installing "):
			step.Say("installing the packages")
		}
	})
	if err != nil {
		return fmt.Errorf("cannot install JupyterLab's packages; is the network there? %w", err)
	}
	return nil
}
