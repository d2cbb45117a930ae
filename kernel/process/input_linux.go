package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// AwaitsInput reports whether process pid, or one that it has started, waits for a line
// from a pipe that is its standard input and has nothing in it. pipe is either end; pid
// must be a child of this process.
//
// Nobody is told when a program wants to read. But the system tells, to the parent of a
// process, which call a blocked thread is in: /proc/<pid>/task/<tid>/syscall. The cost
// is some ten microseconds for each thread.
func AwaitsInput(pid int, pipe *os.File) bool {
	info, err := pipe.Stat()
	if err != nil {
		return false
	}
	raw, err := pipe.SyscallConn()
	if err != nil {
		return false
	}
	waiting := -1
	if raw.Control(func(fd uintptr) { waiting, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }) != nil || err != nil || waiting != 0 {
		return false
	}
	return readsFrom(pid, info, map[int]bool{})
}

// readsFrom looks at a process and those that its threads have started.
func readsFrom(pid int, pipe os.FileInfo, seen map[int]bool) bool {
	if seen[pid] {
		return false
	}
	seen[pid] = true
	dir := fmt.Sprintf("/proc/%d", pid)
	threads, err := os.ReadDir(dir + "/task")
	if err != nil {
		return false // it has ended
	}
	stdin, err := os.Stat(dir + "/fd/0")
	itsStdin := err == nil && os.SameFile(stdin, pipe)
	read := fmt.Sprintf("%d 0x0 ", syscall.SYS_READ)
	for _, t := range threads {
		task := dir + "/task/" + t.Name()
		if itsStdin {
			if call, err := os.ReadFile(task + "/syscall"); err == nil && strings.HasPrefix(string(call), read) {
				return true
			}
		}
		children, _ := os.ReadFile(task + "/children") // where the system has no such file, they are not asked for
		for _, child := range strings.Fields(string(children)) {
			if id, err := strconv.Atoi(child); err == nil && readsFrom(id, pipe, seen) {
				return true
			}
		}
	}
	return false
}
