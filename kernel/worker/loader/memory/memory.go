package memory

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// At is the value at an address outside of the Go heap, or in an object that
// something else keeps alive.
func At[T any](a uintptr) *T { return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&a))) }

// BytesAt is memory outside of the Go heap.
func BytesAt(a, n uintptr) []byte { return unsafe.Slice(At[byte](a), n) }

// Callable makes a func value of a function's address: a func value points to a word
// that holds it.
func Callable[F any](address uintptr) (f F) {
	word := new(uintptr)
	*word = address
	*(*unsafe.Pointer)(unsafe.Pointer(&f)) = unsafe.Pointer(word)
	return f
}

func AlignUp(n, align uintptr) uintptr { return (n + align - 1) &^ (align - 1) }

var PageSize = uintptr(os.Getpagesize())

// A Region is address space that fills up from its beginning. What is not used yet
// costs nothing: it has no memory, and no access either.
type Region struct {
	name      string
	Base, End uintptr
	Next      uintptr // free from here on
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
	Advise(p, size, noHugePage)
	return p, nil
}

// What package syscall does not have on each system that the kernel is built for.
const (
	mapFixedNoReplace = 0x100000 // of Linux 4.17
	noHugePage        = 15       // MADV_NOHUGEPAGE
	DontNeed          = 4        // MADV_DONTNEED
)

// Advise tells the system how memory is going to be used. That costs time at most if it
// does not listen.
func Advise(a, size, advice uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_MADVISE, a, size, advice) }

// commitStep is how much memory becomes accessible at a time. It is used, and counted,
// page by page as it is touched.
const commitStep = 1 << 20

// Take reserves n bytes for good.
func (r *Region) Take(n, align uintptr) (uintptr, error) {
	p := AlignUp(r.Next, align)
	if p+n < p || p+n > r.End {
		return 0, fmt.Errorf("the %d MB for the %s of cells are used up: restart the kernel", (r.End-r.Base)>>20, r.name)
	}
	if p+n > r.committed {
		to := min(AlignUp(p+n, commitStep), r.End)
		if err := Protect(r.committed, to-r.committed, syscall.PROT_READ|syscall.PROT_WRITE); err != nil {
			return 0, fmt.Errorf("get %d bytes for the %s of cells: %w", to-r.committed, r.name, err)
		}
		r.committed = to
	}
	r.Next = p + n
	return p, nil
}

func Protect(a, n uintptr, access int) error {
	if _, _, e := syscall.Syscall(syscall.SYS_MPROTECT, a, n, uintptr(access)); e != 0 {
		return e
	}
	return nil
}

// Contains reports whether an address belongs to the region.
func (r *Region) Contains(a uintptr) bool { return a >= r.Base && a < r.End }

// A Space is where cells lie: near the executable, because code reaches other code and
// data by distances that fit in an instruction.
type Space struct {
	Text  Region // code
	Data  Region // variables that the garbage collector looks into
	NoPtr Region // all else: constants, types, itabs, and variables without pointers
	Far   Region // tables that only the runtime reads, by address
	begin uintptr
	End   uintptr
}

// Sizes of address space, not of memory.
const (
	textSpace  = 256 << 20
	dataSpace  = 256 << 20
	noptrSpace = 1 << 30
	farSpace   = 320 << 20
	tries      = 4 // each with half of the one before
)

// ReserveSpace looks for the first room behind an address, all of which instructions reach. C's allocator may have taken
// some in the middle; then less must do.
func ReserveSpace(behind, reach uintptr) (*Space, error) {
	const step = 16 << 20
	var err error
	for shift := range tries {
		size := uintptr(textSpace+dataSpace+noptrSpace) >> shift
		for p := AlignUp(behind, step); p+size <= reach; p += step {
			var base uintptr
			if base, err = reserve(p, size); err == nil {
				return newSpace(base, uint(shift))
			}
		}
	}
	return nil, fmt.Errorf("reserve address space for cells behind the executable (a limit on virtual memory of less than 3 GB does not let it): %w", err)
}

// newSpace divides what was reserved.
func newSpace(base uintptr, shift uint) (*Space, error) {
	s := &Space{begin: base}
	for _, part := range []struct {
		r    *Region
		name string
		size uintptr
	}{{&s.Text, "code", textSpace >> shift}, {&s.Data, "variables", dataSpace >> shift}, {&s.NoPtr, "constants", noptrSpace >> shift}} {
		*part.r = newRegion(part.name, base, part.size)
		base += part.size
	}
	s.End = base
	far, err := reserve(0, farSpace)
	if err != nil {
		return nil, fmt.Errorf("reserve address space for the tables of cells: %w", err)
	}
	s.Far = newRegion("tables", far, farSpace)
	return s, nil
}

func newRegion(name string, base, size uintptr) Region {
	return Region{name: name, Base: base, End: base + size, Next: base, committed: base}
}
