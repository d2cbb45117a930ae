//go:build !linux

package worker

import "syscall"

// pendingRequest is the ioctl that tells how many bytes wait in a pipe: FIONREAD.
const pendingRequest = 0x4004667f

// processAttributes make the worker the leader of a process group. It ends with
// the kernel because its control socket closes.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
