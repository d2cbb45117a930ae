package column

import (
	"strings"
	"unsafe"
)

// Unzeroed returns a slice of n numbers that may be anything: for results that are
// written to the last element. Zeroing a large one first takes as long as writing
// it. A strings.Builder is what the standard library offers for memory as it
// comes; the builder is dropped, so nothing sees the string that its memory
// was meant for.
func Unzeroed[T int64 | uint64 | float64 | int32 | bool | byte](n int) []T {
	var zero T
	bytes := n * int(unsafe.Sizeof(zero))
	if bytes < 1<<16 { // not worth it; larger ones begin at a page, aligned for any T
		return make([]T, n)
	}
	var b strings.Builder
	b.Grow(bytes)
	b.WriteByte(0)
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.StringData(b.String()))), n)
}
