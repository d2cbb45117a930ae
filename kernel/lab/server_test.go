package lab_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/lab"
)

// TestServersThatStartAtOnce starts servers that choose their ports before any of them listens:
// programs that take the port when they have all been started stand for JupyterLab.
func TestServersThatStartAtOnce(t *testing.T) {
	t.Parallel()
	python, err := lab.FindPython(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	const servers = 3
	script := fmt.Sprintf(`#!/bin/sh
for argument; do case $argument in --ServerApp.port=*) port=${argument#*=};; esac; done
echo >started
read -r line <listen
exec %s -m http.server "$port" --bind 127.0.0.1
`, python.Path)
	// Both ends are open here, so that nobody waits for a reader or a writer.
	pipes := map[string]*os.File{"started": nil, "listen": nil}
	for name := range pipes {
		path := filepath.Join(dir, name)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if pipes[name], err = os.OpenFile(path, os.O_RDWR, 0); err != nil {
			t.Fatal(err)
		}
		defer pipes[name].Close()
	}
	for path, text := range map[string]string{"bin/python": script, "api/status": "{}"} {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	addresses := map[string]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range servers {
		all.Go(func() {
			o := lab.ServerOptions{Environment: lab.Environment{Dir: dir}, Cache: filepath.Join(dir, "cache"+fmt.Sprint(i)), Root: dir}
			s, err := lab.StartServer(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(s.Close)
			mu.Lock()
			defer mu.Unlock()
			if addresses[s.Base()] {
				t.Errorf("%s is chosen twice", s.Base())
			}
			addresses[s.Base()] = true
		})
	}
	if err := pipes["started"].SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(pipes["started"], make([]byte, servers)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(pipes["listen"], strings.Repeat("\n", servers)); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}
