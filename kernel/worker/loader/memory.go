package loader

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// at is the value at an address outside of the Go heap, or in an object that
// something else keeps alive.
func at[T any](a uintptr) *T { return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&a))) }

// bytesAt is memory outside of the Go heap.
func bytesAt(a, n uintptr) []byte { return unsafe.Slice(at[byte](a), n) }

// callable makes a func value of a function's address: a func value points to a word
// that holds it.
func callable[F any](address uintptr) (f F) {
	word := new(uintptr)
	*word = address
	*(*unsafe.Pointer)(unsafe.Pointer(&f)) = unsafe.Pointer(word)
	return f
}

func alignUp(n, align uintptr) uintptr { return (n + align - 1) &^ (align - 1) }

var pageSize = uintptr(os.Getpagesize())

// A region is address space that fills up from its beginning. What is not used yet
// costs nothing: it has no memory, and no access either.
type region struct {
	name      string
	base, end uintptr
	next      uintptr // free from here on
	committed uintptr // accessible up to here
}

// reserve takes address space, at a given place if near is not 0.
func reserve(near, size uintptr) (uintptr, error) {
	flags := uintptr(syscall.MAP_PRIVATE | syscall.MAP_ANON | syscall.MAP_NORESERVE)
	if near != 0 {
		flags |= mapFixedNoReplace
	}
	p, _, e := syscall.Syscall6(syscall.SYS_MMAP, near, size, syscall.PROT_NONE, flags, ^uintptr(0), 0)
	if e != 0 {
		return 0, e
	}
	if near != 0 && p != near { // a kernel that takes the address for a wish
		syscall.Syscall(syscall.SYS_MUNMAP, p, size, 0)
		return 0, syscall.EEXIST
	}
	// A huge page would give two megabytes to a table that has used some bytes.
	advise(p, size, noHugePage)
	return p, nil
}

// What package syscall does not have on each system that the kernel is built for.
const (
	mapFixedNoReplace = 0x100000 // of Linux 4.17
	noHugePage        = 15       // MADV_NOHUGEPAGE
	dontNeed          = 4        // MADV_DONTNEED
)

// advise tells the system how memory is going to be used. That costs time at most if it
// does not listen.
func advise(a, size, advice uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_MADVISE, a, size, advice) }

// commitStep is how much memory becomes accessible at a time. It is used, and counted,
// page by page as it is touched.
const commitStep = 1 << 20

// take reserves n bytes for good.
func (r *region) take(n, align uintptr) (uintptr, error) {
	p := alignUp(r.next, align)
	if p+n < p || p+n > r.end {
		return 0, fmt.Errorf("the %d MB for the %s of cells are used up: restart the kernel", (r.end-r.base)>>20, r.name)
	}
	if p+n > r.committed {
		to := min(alignUp(p+n, commitStep), r.end)
		if err := protect(r.committed, to-r.committed, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			return 0, fmt.Errorf("get %d bytes for the %s of cells: %w", to-r.committed, r.name, err)
		}
		r.committed = to
	}
	r.next = p + n
	return p, nil
}

func protect(a, n uintptr, access int) error {
	if _, _, e := syscall.Syscall(syscall.SYS_MPROTECT, a, n, uintptr(access)); e != 0 {
		return e
	}
	return nil
}

// contains reports whether an address belongs to the region.
func (r *region) contains(a uintptr) bool { return a >= r.base && a < r.end }

// A space is where cells lie: near the executable, because code reaches other code and
// data by distances that fit in an instruction.
type space struct {
	text  region // code
	data  region // variables that the garbage collector looks into
	noptr region // all else: constants, types, itabs, and variables without pointers
	far   region // tables that only the runtime reads, by address
	begin uintptr
	end   uintptr
}

// Sizes of address space, not of memory.
const (
	textSpace  = 256 << 20
	dataSpace  = 256 << 20
	noptrSpace = 1 << 30
	farSpace   = 320 << 20
	tries      = 4 // each with half of the one before
)

// reserveSpace looks for the first room behind an address. C's allocator may have taken
// some in the middle; then less must do.
func reserveSpace(behind uintptr) (*space, error) {
	const step = 16 << 20
	var err error
	for shift := range tries {
		size := uintptr(textSpace+dataSpace+noptrSpace) >> shift
		for p := alignUp(behind, step); p+size <= reach; p += step {
			var base uintptr
			if base, err = reserve(p, size); err == nil {
				return newSpace(base, uint(shift))
			}
		}
	}
	return nil, fmt.Errorf("reserve address space for cells behind the executable (a limit on virtual memory of less than 3 GB does not let it): %w", err)
}

// newSpace divides what was reserved.
func newSpace(base uintptr, shift uint) (*space, error) {
	s := &space{begin: base}
	for _, part := range []struct {
		r    *region
		name string
		size uintptr
	}{{&s.text, "code", textSpace >> shift}, {&s.data, "variables", dataSpace >> shift}, {&s.noptr, "constants", noptrSpace >> shift}} {
		*part.r = newRegion(part.name, base, part.size)
		base += part.size
	}
	s.end = base
	far, err := reserve(0, farSpace)
	if err != nil {
		return nil, fmt.Errorf("reserve address space for the tables of cells: %w", err)
	}
	s.far = newRegion("tables", far, farSpace)
	return s, nil
}

func newRegion(name string, base, size uintptr) region {
	return region{name: name, base: base, end: base + size, next: base, committed: base}
}
