package worker_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/process/processtest"
)

func TestNothingOutlivesClose(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\nimport \"os\"\nimport \"os/exec\"\nimport \"path/filepath\"\n\nfunc Cell_1() {\n\tc := exec.Command(\"sleep\", \"1000\")\n\tfmt.Println(c.Start(), filepath.Dir(os.Getenv(\"GONB_PIPE\")), c.Process.Pid)\n}\n")
	var started, dir string
	var child int
	if _, err := fmt.Sscan(s.Stdout(), &started, &dir, &child); err != nil {
		t.Fatal(err, s.Stdout())
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
	pid := e.Process.Pid()
	if err := e.Process.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder %s stays: %v", dir, err)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("the worker %d is still there", pid)
	}
	processtest.AwaitEnd(t, time.Minute, child)
}
