package process

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// lower gives this goroutine's thread, and the processes that it starts, less of the
// processor than others have. The goroutine keeps its thread, which ends with it.
func lower() {
	runtime.LockOSThread()
	// Where it is refused, all have the same, as without it.
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 10)
}
