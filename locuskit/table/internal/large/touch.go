package large

import "unsafe"

// Batch is how many values a loop may touch and then work on: few enough for the caches to
// keep those of several columns.
const Batch = 1 << 14

const cacheLine = 64

// Touch brings s into the processor's caches. A loop that does much with each value has few values at a time for which
// it can wait, and where the processor does not foresee the next ones, as on many virtual machines, it waits for memory again
// and again: a touch waits for many at once.
func Touch[T any](s []T) {
	if len(s) > 0 {
		touch(unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0]))))
	}
}

// touch returns something of what it reads, so that it has to read it.
//
//go:noinline
func touch(b []byte) (all byte) {
	for i := 0; i < len(b); i += cacheLine {
		all |= b[i]
	}
	return all
}
