package worker

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// pendingRequest is the ioctl that tells how many bytes wait in a pipe.
const pendingRequest = unix.TIOCINQ

// processAttributes make the worker the leader of a process group, so that a
// Ctrl-C in the kernel's terminal does not reach it and all that its cells start
// can be ended, and end it with the kernel, however that ends.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
