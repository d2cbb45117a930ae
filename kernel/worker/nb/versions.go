package nb

import (
	"maps"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A method that a cell adds to an earlier type makes a new version of it: the
// runtime lays out a type's methods once. Variables change their type with it, but
// a value that an interface holds keeps the type that it was put in with. Code
// compiled from then on looks at such a value through Upgrade.

// versions maps the descriptor of a type to that of its next version, which
// differs in nothing but methods.
var (
	versions     atomic.Pointer[map[unsafe.Pointer]unsafe.Pointer]
	versionsLock sync.Mutex
)

// dynamic is how the runtime lays out an any.
type dynamic struct{ typ, data unsafe.Pointer }

func typeOf(x any) unsafe.Pointer { return (*dynamic)(unsafe.Pointer(&x)).typ }

// NewVersion tells that New is the next version of Old.
func NewVersion[Old, New any]() bool {
	versionsLock.Lock()
	defer versionsLock.Unlock()
	next := map[unsafe.Pointer]unsafe.Pointer{}
	if known := versions.Load(); known != nil {
		next = maps.Clone(*known)
	}
	next[typeOf(*new(Old))] = typeOf(*new(New))
	next[typeOf((*Old)(nil))] = typeOf((*New)(nil))
	versions.Store(&next)
	return true
}

// Upgrade returns x with the newest version of the type that it holds. I is an
// interface type.
func Upgrade[I any](x I) I {
	known := versions.Load()
	if known == nil {
		return x
	}
	held := any(x)
	d := (*dynamic)(unsafe.Pointer(&held))
	newest := d.typ
	for next := (*known)[newest]; next != nil; next = (*known)[next] {
		newest = next
	}
	if newest == d.typ {
		return x
	}
	d.typ = newest
	if upgraded, ok := held.(I); ok {
		return upgraded
	}
	return x
}
