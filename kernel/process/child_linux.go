package process

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endWithParent makes a child that gets SIGTERM when its parent dies, even by a
// kill that the parent cannot answer.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// killWithParent makes a child that dies with its parent, in the parent's group.
func killWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// adoptOrphans makes this process the parent of descendants whose own parent
// ended first, so that endDescendants finds them.
func adoptOrphans() {
	// Without it such processes would stay; nothing else depends on it.
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
}

// endDescendants kills every process that descends from this one, and returns
// when they are gone. It is the last thing a program does: it reaps children
// that others may be waiting for.
func endDescendants() {
	self := os.Getpid()
	for range 50 {
		left := descendants(self)
		if len(left) == 0 {
			return
		}
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		for { // reap, so that the dead do not count as left
			pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if pid <= 0 || err != nil {
				break
			}
		}
		time.Sleep(10 * time.Millisecond) // the kernel tells of no end of a grandchild
	}
}

// descendants lists the living processes below pid.
func descendants(pid int) []int {
	children := map[int][]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		// pid (name) state ppid …; the name may hold spaces and parentheses.
		_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')'):]), " ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[0] == "Z" {
			continue
		}
		parent, err := strconv.Atoi(fields[1])
		if err == nil {
			children[parent] = append(children[parent], id)
		}
	}
	var all []int
	queue := []int{pid}
	for len(queue) > 0 {
		below := children[queue[0]]
		queue = append(queue[1:], below...)
		all = append(all, below...)
	}
	return all
}
