package worker

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// readingStdin reports whether a thread of process pid is blocked in a read of
// file descriptor 0. The system tells the call and its arguments of a blocked
// thread in /proc/<pid>/task/<tid>/syscall, to the parent of the process.
func readingStdin(pid int) bool {
	dir := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	want := fmt.Sprintf("%d 0x0 ", syscall.SYS_READ)
	for _, t := range threads {
		if call, err := os.ReadFile(dir + "/" + t.Name() + "/syscall"); err == nil && strings.HasPrefix(string(call), want) {
			return true
		}
	}
	return false
}
