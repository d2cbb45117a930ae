package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/jupyter/wire"
)

func newConnection(t *testing.T, path string) wire.Connection {
	t.Helper()
	c, err := wire.NewConnection()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return c
}

// What is wrong with a connection file is said in one line.
func TestBadConnectionFiles(t *testing.T) {
	spec := specOf(t)
	dir := t.TempDir()
	for name, c := range map[string]struct{ content, want string }{
		"missing":  {"", "no such file"},
		"not JSON": {"hello", "is not the JSON"},
		"no ports": {`{"transport":"tcp","ip":"127.0.0.1"}`, "shell_port is 0"},
		"scheme":   {`{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"control_port":2,"stdin_port":3,"iopub_port":4,"hb_port":5,"signature_scheme":"md5"}`, "md5"},
	} {
		path := filepath.Join(dir, "connection.json")
		os.Remove(path)
		if c.content != "" {
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		argv := strings.Split(strings.ReplaceAll(strings.Join(spec.Argv, "\x00"), "{connection_file}", path), "\x00")
		out, err := exec.CommandContext(within(t, time.Minute), argv[0], argv[1:]...).CombinedOutput()
		if err == nil || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
