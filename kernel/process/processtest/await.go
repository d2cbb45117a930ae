// Package processtest runs programs for tests and waits for the end of processes that are
// not the test's children. It knows nothing of what these are.
package processtest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// AwaitEnd waits until all the processes have ended, each no longer than limit; the
// test fails where one has not. A killed process may have to be given the processor
// once more for that. A zombie has ended.
func AwaitEnd(t testing.TB, limit time.Duration, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		awaitEnd(t, limit, pid)
	}
}

func awaitEnd(t testing.TB, limit time.Duration, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatalf("watch process %d: %v", pid, err)
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(limit.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			t.Errorf("process %d is still there: %s (%v)", pid, strings.ReplaceAll(string(command), "\x00", " "), err)
		}
		return
	}
}
