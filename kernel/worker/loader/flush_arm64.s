#include "textflag.h"

// func flushInstructions(base, n uintptr)
//
// The sequence is the architecture's: clean each line of the data cache to where
// instructions are fetched from, then drop each line of the instruction cache, with
// barriers in between. The sizes of the lines are in CTR_EL0, as powers of two of words.
TEXT ·flushInstructions(SB), NOSPLIT, $0-16
	MOVD base+0(FP), R0
	MOVD n+8(FP), R1
	ADD  R0, R1, R1
	WORD $0xd53b0022 // MRS CTR_EL0, R2
	MOVD $4, R3

	UBFX $16, R2, $4, R4
	LSL  R4, R3, R4
	SUB  $1, R4, R5
	BIC  R5, R0, R6

clean:
	WORD $0xd50b7b26 // DC CVAU, R6
	ADD  R4, R6
	CMP  R1, R6
	BLO  clean
	DSB  $11         // ISH

	UBFX $0, R2, $4, R4
	LSL  R4, R3, R4
	SUB  $1, R4, R5
	BIC  R5, R0, R6

drop:
	WORD $0xd50b7526 // IC IVAU, R6
	ADD  R4, R6
	CMP  R1, R6
	BLO  drop
	DSB  $11
	ISB  $15
	RET
