//go:build amd64 || arm64

#include "textflag.h"

// assembly is never called: its jumps are references to the functions.
TEXT ·assembly(SB), NOSPLIT, $0-0
	JMP	syscall·RawSyscall(SB)
	JMP	syscall·RawSyscall6(SB)
	JMP	syscall·Syscall(SB)
	JMP	syscall·Syscall6(SB)
	JMP	runtime·cgocall(SB)
	JMP	runtime·cmpstring(SB)
	JMP	runtime·entersyscall(SB)
	JMP	runtime·exitsyscall(SB)
	JMP	runtime·gopanic(SB)
	JMP	runtime·mallocgc(SB)
	JMP	runtime·memclrNoHeapPointers(SB)
	JMP	runtime·memequal(SB)
	JMP	runtime·memhash(SB)
	JMP	runtime·memmove(SB)
	JMP	runtime·strhash(SB)
	JMP	runtime·throw(SB)
	JMP	runtime·typedmemmove(SB)
