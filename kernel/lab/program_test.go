package lab_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A program is the built command and a clean home to run it in. Go's and pip's
// caches are the machine's, which only saves time.
type programUnderTest struct {
	exe, home string
	env       []string
}

// setUpHome saves who works on these tests the minutes that a clean home takes.
var setUpHome = flag.String("home", "", "use this folder as home, which may be set up already, in place of a clean one")

func buildProgram(t *testing.T) programUnderTest {
	t.Helper()
	p := programUnderTest{exe: filepath.Join(t.TempDir(), "locuslab"), home: *setUpHome}
	if p.home == "" {
		p.home = t.TempDir()
	}
	run(t, "go", "build", "-o", p.exe, "locuslab/kernel")
	p.env = homeEnv(t, p.home)
	return p
}

// homeEnv is this process's environment moved to another home.
func homeEnv(t *testing.T, home string) []string {
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

// command prepares a run of the program.
func (p programUnderTest) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.exe, args...)
	cmd.Env = p.env
	return cmd
}

// outputLimit bounds a run of the program: the first one may set everything up.
const outputLimit = 5 * time.Minute

// output runs the program to its end.
func (p programUnderTest) output(t *testing.T, env []string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), outputLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.exe, args...)
	cmd.Env = append(p.env[:len(p.env):len(p.env)], env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// awaitNobodyLeft waits until no process lives in the program's home, and fails
// when one is left.
func (p programUnderTest) awaitNobodyLeft(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return // no other system shows the environment of a process
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		left := p.living()
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still running:\n%s", strings.Join(left, "\n"))
		}
		time.Sleep(50 * time.Millisecond) // nobody tells of the end of a stranger's process
	}
}

// living are the command lines of the processes that have the program's home as
// theirs, which is all that it started and all that these started.
func (p programUnderTest) living() []string {
	var found []string
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(append([]byte{0}, env...), []byte("\x00HOME="+p.home+"\x00")) {
			continue
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if err == nil && len(line) > 0 {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// run runs a program that must succeed.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
