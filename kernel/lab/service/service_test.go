package service_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/lab/service"
	"locuslab/kernel/process/processtest"
)

// folder makes a folder of notebooks with one service, a shell program.
func folder(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "serve.sh"), program)
	write(t, filepath.Join(dir, service.File), `{"services": [{"name": "echo", "command": ["sh", "serve.sh"], "provides": ["DESK_URL", "DESK_KEY"]}]}`)
	return dir
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestStart(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	t.Setenv("PIDS", pids)
	// It leaves a process behind that neither its input nor its own end ends.
	dir := folder(t, `
sleep 1000 &
echo $$ $! >"$PIDS"
echo "some talk"
echo "export DESK_URL=http://127.0.0.1:1/?a=b"
echo "export OTHER=1"
echo "export DESK_KEY=secret"
yes | head -c 1000000
cat >/dev/null
`)
	g, err := service.StartAll(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(g.Env(), " "); got != "DESK_URL=http://127.0.0.1:1/?a=b DESK_KEY=secret" {
		t.Errorf("variables %q", got)
	}
	if len(g) != 1 || g[0].Where() != "echo: http://127.0.0.1:1/?a=b" || !g[0].Started() {
		t.Errorf("%v", g)
	}
	content, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	var started []int
	for word := range strings.FieldsSeq(string(content)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		started = append(started, pid)
	}
	g.Close()
	processtest.AwaitEnd(t, time.Minute, started...)
}

func TestOneOfTheUsersOwn(t *testing.T) {
	t.Setenv("DESK_URL", "http://example.test")
	g, err := service.StartAll(t.Context(), folder(t, "exit 7"))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if got := strings.Join(g.Env(), " "); got != "DESK_URL=http://example.test DESK_KEY=" || g[0].Started() {
		t.Errorf("variables %q", got)
	}
}

func TestNoServices(t *testing.T) {
	g, err := service.StartAll(t.Context(), t.TempDir())
	if err != nil || len(g) != 0 || len(g.Env()) != 0 {
		t.Errorf("%v, %v", g, err)
	}
	g.Close()
}

func TestWhatDoesNotStart(t *testing.T) {
	for name, c := range map[string]struct{ program, want string }{
		"ends":        {"exit 7", "exit status 7"},
		"half":        {"echo export DESK_URL=x", "`export DESK_KEY=…`"},
		"goes silent": {"exec >/dev/null; cat", "closed its standard output"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, c.program)
			_, err := service.StartAll(t.Context(), dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "cd "+dir) || !strings.Contains(err.Error(), "cannot start the echo") {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	t.Run("no such program", func(t *testing.T) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, service.File), `{"services": [{"name": "x", "command": ["absent-program"], "provides": ["X"]}]}`)
		if _, err := service.StartAll(t.Context(), dir); !errors.Is(err, exec.ErrNotFound) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := service.StartAll(ctx, folder(t, "cat")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
}

func TestFilesThatAreWrong(t *testing.T) {
	for content, want := range map[string]string{
		`{`:                   "line 1",
		"{\n\"service\": []}": `"service"`,
		`{"services": [{"command": ["x"], "provides": ["X"]}]}`:                `"name"`,
		`{"services": [{"name": "x", "provides": ["X"]}]}`:                     `"command"`,
		`{"services": [{"name": "x", "command": ["x"]}]}`:                      `"provides"`,
		`{"services": [{"name": "x", "command": ["x"], "provides": ["A=B"]}]}`: `"A=B"`,
		`{"services": []} {}`: "follows",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, service.File), content)
		if _, err := service.ReadFolder(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), service.File) {
			t.Errorf("%s: error %v, want %q", content, err, want)
		}
	}
}
