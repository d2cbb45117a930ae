package large

import "unsafe"

// Slab is memory for many slices that are used together and not for long, none of them so large that it
// would have huge pages of its own. As long as one of them is used all of the slab is there.
type Slab struct{ left []byte }

const slabBytes = 4 * hugePage

// Cut is [Room] of a slab; of none where s is nil.
func Cut[T Number](s *Slab, n int) []T {
	var zero T
	bytes := (n*int(unsafe.Sizeof(zero)) + cacheLine - 1) &^ (cacheLine - 1)
	if s == nil || n == 0 || bytes > slabBytes/4 {
		return Room[T](n)
	}
	if len(s.left) < bytes {
		s.left = Unzeroed[byte](slabBytes)
	}
	b := s.left[:bytes]
	s.left = s.left[bytes:]
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
}
