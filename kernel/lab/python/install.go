package python

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// uv installs packages five times as fast as pip. It comes by pip itself.
const uv = "uv==0.13.9"

// Run runs a command of a set-up to its end, or ends it, and shows what it prints.
type Run func(*exec.Cmd) error

// Install installs packages, given as pip's requirements, into the virtual environment in dir.
//
// It does so with uv. pip takes over where uv would go elsewhere than the user's settings
// for pip lead, or cannot do it.
func Install(ctx context.Context, dir string, requirements []string, run Run) error {
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, []byte(strings.Join(requirements, "\n")+"\n"), 0o644); err != nil {
		return fmt.Errorf("cannot set up the Python environment: %w", err)
	}
	if pipIsPlain(ctx, dir) && run(pip(dir, "--only-binary=:all:", uv)) == nil {
		cmd := command(dir, "uv", "pip", "install", "--python", program(dir, "python"), "--requirement", list)
		if cert := os.Getenv("PIP_CERT"); cert != "" && os.Getenv("SSL_CERT_FILE") == "" {
			cmd.Env = append(cmd.Env, "SSL_CERT_FILE="+cert)
		}
		if run(cmd) == nil {
			return nil
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := run(pip(dir, "--requirement", list)); err != nil {
		return fmt.Errorf("cannot install the packages; is the network there? %w", err)
	}
	return nil
}

// pip returns the command that installs by pip. Python compiles what is imported when it is;
// all of it at once is a third of the time.
func pip(dir string, args ...string) *exec.Cmd {
	return command(dir, "python", append([]string{"-m", "pip", "install", "--no-compile", "--progress-bar=off"}, args...)...)
}

// pipIsPlain reports whether pip takes packages from where everyone does, and in the usual
// way: uv does not know pip's settings, and the packages of a company that has an index of
// its own must not come from elsewhere.
func pipIsPlain(ctx context.Context, dir string) bool {
	cmd := exec.CommandContext(ctx, program(dir, "python"), "-m", "pip", "config", "list")
	cmd.Dir, cmd.Env = dir, Env()
	settings, err := cmd.Output()
	return err == nil && plain(string(settings))
}

// harmless are pip's settings that do not change what is installed, nor where it comes from.
var harmless = []string{
	"cache-dir", "cert", "config-file", "default-timeout", "disable-pip-version-check", "find-links", "no-cache-dir", "no-color",
	"no-input", "progress-bar", "quiet", "retries", "root-user-action", "timeout", "verbose",
}

// plain reports whether the settings, as pip lists them, are all harmless. A line is such as
// global.index-url='https://example.org/simple'.
func plain(settings string) bool {
	for line := range strings.Lines(settings) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name = name[strings.LastIndexByte(name, '.')+1:]; name != "" && !slices.Contains(harmless, name) {
			return false
		}
	}
	return true
}

// program is the path of a program of the environment in dir.
func program(dir, name string) string { return filepath.Join(dir, "bin", name) }

// command is a command of the environment in dir. It runs there, so that no settings of the
// folder that the user is in count.
func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(program(dir, name), args...)
	cmd.Dir, cmd.Env = dir, Env()
	return cmd
}
