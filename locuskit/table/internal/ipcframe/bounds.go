package ipcframe

import (
	"fmt"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// mostRatio is how many bytes compression can make of one, near enough: zstd keeps a block of
// 128 KiB of one byte in 4.
const mostRatio = 1 << 15

// Allocator gives memory for what a file of some bytes can hold, and panics beyond that. Of
// compressed parts a file tells itself how large they are.
type Allocator struct {
	memory.Allocator
	file, most int64
	given      atomic.Int64
}

// NewAllocator returns an allocator for reading a file of size bytes.
func NewAllocator(file int) *Allocator {
	return &Allocator{Allocator: memory.DefaultAllocator, file: int64(file), most: max(1<<20, mostRatio*int64(file))}
}

// Allocate gives size bytes.
func (a *Allocator) Allocate(size int) []byte {
	a.take(size)
	return a.Allocator.Allocate(size)
}

// Reallocate makes b size bytes long.
func (a *Allocator) Reallocate(size int, b []byte) []byte {
	a.take(size - len(b))
	return a.Allocator.Reallocate(size, b)
}

// Given returns how many bytes it has given.
func (a *Allocator) Given() int64 { return a.given.Load() }

func (a *Allocator) take(more int) {
	if int64(more) > a.most || a.given.Add(int64(max(more, 0))) > a.most {
		panic(fmt.Sprintf("it tells of a part of %d bytes, and is %d bytes long", more, a.file))
	}
}

// CheckRows reports whether a batch of so many rows may be in so many bytes, compressed or not: a
// row has at least one bit.
func CheckRows(rows, bytes int64, compressed bool) error {
	most := max(1<<20, 8*bytes)
	if compressed {
		most *= 1 << 10
	}
	if rows < 0 || rows > most {
		return fmt.Errorf("%d rows in %d bytes", rows, bytes)
	}
	return nil
}
