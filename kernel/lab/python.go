package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Python is an interpreter that can make virtual environments.
type Python struct {
	Path    string // as it is started
	Version string // for example 3.11.7
	ABI     string // of its compiled packages, for example cpython-311-x86_64-linux-gnu
}

// pythonProbe prints the version and the ABI, then what is missing for an environment.
const pythonProbe = `import sys, sysconfig
print("%d.%d.%d" % sys.version_info[:3])
print(sysconfig.get_config_var("SOABI") or sys.implementation.cache_tag)
for name in ("venv", "ensurepip"):
    try:
        __import__(name)
    except Exception:
        print(name)
`

// FindPython finds a Python of at least 3.10 with venv: LOCUSLAB_PYTHON if it is
// set, else the first on PATH that will do. The error says what was found
// instead and how to mend it.
func FindPython(ctx context.Context) (Python, error) {
	names := []string{"python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"}
	if own := os.Getenv("LOCUSLAB_PYTHON"); own != "" {
		names = []string{own}
	}
	var rejected []string
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		python, err := probePython(ctx, path)
		if err == nil {
			return python, nil
		}
		if ctx.Err() != nil {
			return Python{}, ctx.Err()
		}
		rejected = append(rejected, err.Error())
	}
	fix := hint(packages{apt: "python3 python3-venv", dnf: "python3", pacman: "python", apk: "python3", brew: "python@3.13"})
	if len(rejected) == 0 {
		return Python{}, fmt.Errorf("no Python found (tried %s), and JupyterLab needs 3.10 or newer; %s", strings.Join(names, ", "), fix)
	}
	return Python{}, fmt.Errorf("no usable Python: %s; %s", strings.Join(rejected, "; "), fix)
}

func probePython(ctx context.Context, path string) (Python, error) {
	cmd := exec.CommandContext(ctx, path, "-c", pythonProbe)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			first, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
			return Python{}, fmt.Errorf("%s does not work (%s)", path, first)
		}
		return Python{}, fmt.Errorf("%s does not work (%w)", path, err)
	}
	words := strings.Fields(string(out))
	if len(words) == 0 {
		return Python{}, fmt.Errorf("%s says no version", path)
	}
	var major, minor int
	if _, err := fmt.Sscanf(words[0], "%d.%d", &major, &minor); err != nil || major < 3 || major == 3 && minor < 10 {
		return Python{}, fmt.Errorf("%s is Python %s, and 3.10 or newer is needed", path, words[0])
	}
	if len(words) < 2 {
		return Python{}, fmt.Errorf("%s says no ABI", path)
	}
	if missing := words[2:]; len(missing) > 0 {
		return Python{}, fmt.Errorf("%s (Python %s) cannot make virtual environments: its module %s is missing", path, words[0], strings.Join(missing, " and "))
	}
	return Python{Path: path, Version: words[0], ABI: words[1]}, nil
}

// pythonEnv is the environment for programs of the private Python: nothing of
// the user's own Python set-up leaks in.
func pythonEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV":
		default:
			env = append(env, kv)
		}
	}
	return append(env, "PYTHONUNBUFFERED=1", "PIP_NO_INPUT=1", "PIP_DISABLE_PIP_VERSION_CHECK=1")
}
