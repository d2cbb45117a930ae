package worker_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
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
	awaitEnd(t, child)
}

// awaitEnd waits until a killed process has ended: it may have to be given the
// processor once more for that.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatalf("watch process %d: %v", pid, err)
	}
	defer unix.Close(fd)
	ended := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if n, err := unix.Poll(ended, 10_000); n != 1 {
		t.Errorf("the command that the cell started, process %d, is still there: %v", pid, err)
	}
}
