package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func main() {
	pid, _, e := unix.RawSyscall(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), e)
	pid, _, e = unix.Syscall(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), e)
	pid, _, e = unix.RawSyscall6(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), e)
	pid, _, e = unix.Syscall6(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), e)
	pid, _ = unix.SyscallNoError(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid())
	pid, _ = unix.RawSyscallNoError(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid())
	_, _, e = unix.Syscall(unix.SYS_CLOSE, 99999, 0, 0)
	fmt.Println(e)
	var name unix.Utsname
	fmt.Println(unix.Uname(&name), unix.ByteSliceToString(name.Sysname[:]))
	b, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	fmt.Println(len(b), err)
	b[4095] = 7
	fmt.Println(b[4095])
	fmt.Println(unix.Munmap(b))
	var ts unix.Timespec
	fmt.Println(unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts), ts.Sec > 0)
}
