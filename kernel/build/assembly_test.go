package build_test

import (
	"testing"

	"locuslab/kernel/worker/workertest"
)

// assemblyModule has a package whose assembly jumps to all that assembly can jump to:
// to what the worker holds in the compiler's convention alone, to Go code of its own
// package and of another one, and to another one's assembly. Package above uses one
// function of it.
var assemblyModule = map[string]string{
	"go.mod":         "module example.org/lesson\n\ngo 1.26\n",
	"above/above.go": "package above\n\nimport \"example.org/lesson/low\"\n\nfunc Pid() uintptr { pid, _, _ := low.Raw(low.Getpid, 0, 0, 0); return pid }\n",
	"low/low.go": `package low

import (
	"syscall"
	"unsafe"

	_ "example.org/lesson/below"
)

const Getpid, Getppid, Close = syscall.SYS_GETPID, syscall.SYS_GETPPID, syscall.SYS_CLOSE

func Raw(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Raw6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Move(to, from unsafe.Pointer, n uintptr)
func Own(n, m int) int
func Other(n, m int) int
func OtherAssembly(n, m int) int

// Framed has a stack frame of its own, and so may have to ask for a larger stack.
func Framed()

func own(n, m int) int { return n*10 + m }

var touched int

func touch() { touched++ }

func Touched() int { return touched }
`,
	"low/low.s": `#include "textflag.h"

TEXT ·Raw(SB), NOSPLIT, $0-56
	JMP syscall·RawSyscall(SB)
TEXT ·Raw6(SB), NOSPLIT, $0-80
	JMP syscall·RawSyscall6(SB)
TEXT ·Syscall(SB), NOSPLIT, $0-56
	JMP syscall·Syscall(SB)
TEXT ·Syscall6(SB), NOSPLIT, $0-80
	JMP syscall·Syscall6(SB)
TEXT ·Move(SB), NOSPLIT, $0-24
	JMP runtime·memmove(SB)
TEXT ·Own(SB), NOSPLIT, $0-24
	JMP ·own(SB)
TEXT ·Other(SB), NOSPLIT, $0-24
	JMP example·org∕lesson∕below·Other(SB)
TEXT ·OtherAssembly(SB), NOSPLIT, $0-24
	JMP example·org∕lesson∕below·Assembly(SB)
TEXT ·Framed(SB), 0, $4096-0
	CALL ·touch(SB)
	RET
`,
	"below/below.go": `package below

import _ "unsafe"

//go:linkname Other
func Other(n, m int) int { return n*100 + m }

//go:linkname third
func third(n, m int) int { return n*1000 + m }
`,
	"below/below.s": `#include "textflag.h"

// No Go code declares it.
TEXT ·Assembly(SB), NOSPLIT, $0-24
	JMP ·third(SB)
`,
}

// Assembly and Go code pass arguments in different ways. A package that came into the
// process for the sake of another one, as far as that needed it, must find the one
// form of a function and never the other.
func TestAssemblyFindsFunctionsInItsOwnConvention(t *testing.T) {
	const imports = "package main\nimport \"fmt\"\nimport \"os\"\nimport \"unsafe\"\nimport \"example.org/lesson/low\"\n"
	cells := []string{
		"package main\nimport \"fmt\"\nimport \"os\"\nimport \"example.org/lesson/above\"\nfunc Cell_1() { fmt.Println(int(above.Pid()) == os.Getpid()) }\n",
		imports + `func Cell_2() {
	var u unsafe.Pointer
	pid, _, err := low.Raw(low.Getpid, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), err, u)
	pid, _, err = low.Syscall(low.Getppid, 0, 0, 0)
	fmt.Println(int(pid) == os.Getppid(), err)
	_, _, err = low.Syscall(low.Close, 1<<20, 0, 0)
	fmt.Println(err)
}
`,
		imports + `func Cell_3() {
	pid, _, err := low.Raw6(low.Getpid, 0, 0, 0, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), err)
	pid, _, err = low.Syscall6(low.Getpid, 0, 0, 0, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), err)
	from, to := []byte("moved"), make([]byte, 5)
	low.Move(unsafe.Pointer(&to[0]), unsafe.Pointer(&from[0]), 5)
	fmt.Println(string(to), low.Own(1, 2), low.Other(3, 4), low.OtherAssembly(5, 6))
	low.Framed()
	fmt.Println(low.Touched())
}
`,
	}
	const want = "true\ntrue errno 0 <nil>\ntrue errno 0\nbad file descriptor\ntrue errno 0\ntrue errno 0\nmoved 12 304 5006\n1\n"
	root := writeModule(t, assemblyModule)
	e := workertest.New(t, root)
	s := &workertest.Screen{}
	for i, source := range cells {
		if o, err := e.Run(t.Context(), e.Unit(i+1, source), s); err != nil || o.Panic != nil {
			t.Fatalf("cell %d: %v, %+v\n%s", i+1, err, o.Panic, s.Stderr())
		}
	}
	if s.Stdout() != want {
		t.Errorf("printed:\n%swant:\n%s", s.Stdout(), want)
	}
}
