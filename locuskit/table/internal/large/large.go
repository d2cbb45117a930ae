// Package large makes the large slices that columns, hash tables and scratch are, and brings them into the caches. It asks
// the system for huge pages: with pages of 4 KB a loop over a column waits to find them, and a new column to get them one by
// one, which together can be half of the time. It knows nothing of what the slices are for.
package large

import (
	"strings"
	"unsafe"
)

// Number is what columns are made of.
type Number interface {
	int64 | uint64 | float64 | int32 | uint32 | bool | byte
}

// Unzeroed returns a slice of n numbers that may be anything: for results that are
// written to the last element. Zeroing a large one first takes as long as writing
// it.
func Unzeroed[T Number](n int) []T {
	s := Room[T](n)
	preferHugePages(s)
	return s
}

// Room is Unzeroed for what may stay unwritten for the most part: what is not written takes no memory.
//
// A strings.Builder is what the standard library offers for memory as it
// comes; the builder is dropped, so nothing sees the string that its memory
// was meant for.
func Room[T Number](n int) []T {
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

// Zeroed is make.
func Zeroed[T any](n int) []T {
	s := make([]T, n)
	preferHugePages(s)
	return s
}

// hugePage is the size of a huge page on most machines. On others it is a multiple of their
// pages all the same, which is all that advice must keep to.
const hugePage = 2 << 20

// preferHugePages asks for huge pages for those parts of s that are whole ones. Where the
// system has none to give, s is as it was.
func preferHugePages[T any](s []T) {
	bytes := len(s) * int(unsafe.Sizeof(*new(T)))
	if bytes < hugePage {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), bytes)
	at := int(uintptr(unsafe.Pointer(&b[0])))
	from, to := -at&(hugePage-1), len(b)-(at+len(b))&(hugePage-1)
	if from < to {
		adviseHugePages(b[from:to])
	}
}
