#include "textflag.h"

TEXT ·addModuleDataAddress(SB), NOSPLIT, $0-8
	MOVD $runtime·addmoduledata(SB), R0
	MOVD R0, ret+0(FP)
	RET
