#include "textflag.h"

TEXT ·addModuleDataAddress(SB), NOSPLIT, $0-8
	LEAQ runtime·addmoduledata(SB), AX
	MOVQ AX, ret+0(FP)
	RET
