package python

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// An Interpreter is a Python that can make virtual environments.
type Interpreter struct {
	Path    string // as it is started
	Version string // for example 3.11.7
	ABI     string // of its compiled packages, for example cpython-311-x86_64-linux-gnu
}

// probe prints the version and the ABI, then what is missing for an environment.
const probe = `import sys, sysconfig
print("%d.%d.%d" % sys.version_info[:3])
print(sysconfig.get_config_var("SOABI") or sys.implementation.cache_tag)
for name in ("venv", "ensurepip"):
    try:
        __import__(name)
    except Exception:
        print(name)
`

// Find finds a Python of at least 3.10 with venv: LOCUSLAB_PYTHON if it is
// set, else the first on PATH that will do. The error says what was found
// instead.
func Find(ctx context.Context) (Interpreter, error) {
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
		python, err := tryInterpreter(ctx, path)
		if err == nil {
			return python, nil
		}
		if ctx.Err() != nil {
			return Interpreter{}, ctx.Err()
		}
		rejected = append(rejected, err.Error())
	}
	if len(rejected) == 0 {
		return Interpreter{}, fmt.Errorf("no Python found (tried %s), and 3.10 or newer is needed", strings.Join(names, ", "))
	}
	return Interpreter{}, fmt.Errorf("no usable Python: %s", strings.Join(rejected, "; "))
}

func tryInterpreter(ctx context.Context, path string) (Interpreter, error) {
	cmd := exec.CommandContext(ctx, path, "-c", probe)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			first, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
			return Interpreter{}, fmt.Errorf("%s does not work (%s)", path, first)
		}
		return Interpreter{}, fmt.Errorf("%s does not work (%w)", path, err)
	}
	words := strings.Fields(string(out))
	if len(words) == 0 {
		return Interpreter{}, fmt.Errorf("%s says no version", path)
	}
	var major, minor int
	if _, err := fmt.Sscanf(words[0], "%d.%d", &major, &minor); err != nil || major < 3 || major == 3 && minor < 10 {
		return Interpreter{}, fmt.Errorf("%s is Python %s, and 3.10 or newer is needed", path, words[0])
	}
	if len(words) < 2 {
		return Interpreter{}, fmt.Errorf("%s says no ABI", path)
	}
	if missing := words[2:]; len(missing) > 0 {
		return Interpreter{}, fmt.Errorf("%s (Python %s) cannot make virtual environments: its module %s is missing", path, words[0], strings.Join(missing, " and "))
	}
	return Interpreter{Path: path, Version: words[0], ABI: words[1]}, nil
}

// Env returns the environment for programs of a private Python: nothing of the user's own
// Python set-up leaks in. PYTHONDONTWRITEBYTECODE is one of those: with it every start of
// JupyterLab would compile all that it imports, which takes a second or two.
func Env() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV":
		default:
			env = append(env, kv)
		}
	}
	return append(env, "PYTHONUNBUFFERED=1", "PIP_NO_INPUT=1", "PIP_DISABLE_PIP_VERSION_CHECK=1")
}
