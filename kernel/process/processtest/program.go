package processtest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Program is a built command and a clean home to run it in. Go's and pip's caches, and the
// environments of Python programs, are the machine's, which only saves time.
type Program struct {
	Exe, Home string
	Env       []string
	mark      string // entry of the environment; see Marked
}

// Marked returns the program with a mark in its environment, by which what it leaves is
// told from what other runs in the same home have started.
func (p Program) Marked(name string) Program {
	p.mark = "LOCUSLAB_TEST_RUN=" + name
	p.Env = append(slices.Clone(p.Env), p.mark)
	return p
}

// Build builds a command of this project. It gets the folder home, or a clean one
// when that is empty.
func Build(t testing.TB, command, home string) Program {
	t.Helper()
	p := Program{Exe: filepath.Join(t.TempDir(), filepath.Base(command)), Home: home}
	if p.Home == "" {
		p.Home = t.TempDir()
	}
	Run(t, "go", "build", "-o", p.Exe, command)
	p.Env = HomeEnv(t, p.Home)
	shareEngines(t, p.Home)
	return p
}

// shareEngines gives a home the environments of Python programs that the machine has: Spark's
// takes minutes to install.
func shareEngines(t testing.TB, home string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	const engines = "locuslab/engines"
	theirs, ours := filepath.Join(cache, engines), filepath.Join(home, ".cache", engines)
	if err := errors.Join(os.MkdirAll(theirs, 0o755), os.MkdirAll(filepath.Dir(ours), 0o755)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(theirs, ours); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
}

// HomeEnv is this process's environment moved to another home.
func HomeEnv(t testing.TB, home string) []string {
	t.Helper()
	drop := []string{"LOCUS", "API_TOKEN", "XDG_", "JUPYTER", "PYTHON", "VIRTUAL_ENV"}
	var env []string
kept:
	for _, kv := range os.Environ() {
		for _, prefix := range drop {
			if strings.HasPrefix(kv, prefix) {
				continue kept
			}
		}
		env = append(env, kv)
	}
	pip, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "HOME="+home, "PIP_CACHE_DIR="+filepath.Join(pip, "pip"))
	for _, name := range []string{"GOMODCACHE", "GOCACHE"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	return env
}

// Command prepares a run of the program.
func (p Program) Command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.Exe, args...)
	cmd.Env = p.Env
	return cmd
}

// outputLimit bounds a run of the program: the first one may set everything up.
const outputLimit = 5 * time.Minute

// Output runs the program to its end.
func (p Program) Output(t testing.TB, env []string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), outputLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.Exe, args...)
	cmd.Env = append(p.Env[:len(p.Env):len(p.Env)], env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// AwaitNobodyLeft waits until no process lives in the program's home, and fails
// when one is left.
func (p Program) AwaitNobodyLeft(t testing.TB) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return // no other system shows the environment of a process
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		left := p.Living()
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still running:\n%s", strings.Join(left, "\n"))
		}
		time.Sleep(50 * time.Millisecond) // nobody tells of the end of a stranger's process
	}
}

// Living are the command lines of the processes that have the program's home, and its
// mark, as theirs, which is all that it started and all that these started.
func (p Program) Living() []string {
	var found []string
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		env, err := os.ReadFile(file)
		has := func(entry string) bool { return bytes.Contains(append([]byte{0}, env...), []byte("\x00"+entry+"\x00")) }
		if err != nil || !has("HOME="+p.Home) || p.mark != "" && !has(p.mark) {
			continue
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if err == nil && len(line) > 0 {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// Run runs a program that must succeed.
func Run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
