package nb

import (
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A method that a cell adds to an earlier type makes a new version of it: the
// runtime lays out a type's methods once. Variables change their type with it, but
// a value that an interface holds keeps the type that it was put in with. Code
// looks at such a value through Upgrade and As.

// known are the versions that types have, once revised is set: when a type gets a method.
var (
	known     atomic.Pointer[knownVersions]
	knownLock sync.Mutex
	revised   atomic.Bool
)

type knownVersions struct {
	// next maps the descriptor of a type to that of its next version, which differs in
	// nothing but methods.
	next map[unsafe.Pointer]unsafe.Pointer
	// newest keeps what has been found out, for any type: that of []T follows from T.
	newest sync.Map // reflect.Type to reflect.Type
}

// dynamic is how the runtime lays out an any.
type dynamic struct{ typ, data unsafe.Pointer }

func layout(x *any) *dynamic { return (*dynamic)(unsafe.Pointer(x)) }

// descriptor is the address of what describes a type, which is all that a reflect.Type is.
func descriptor(t reflect.Type) unsafe.Pointer {
	held := any(t)
	return layout(&held).data
}

// NewVersion tells that New is the next version of Old.
func NewVersion[Old, New any]() bool {
	newVersion((*Old)(nil), (*New)(nil))
	return true
}

// newVersion is of the types that two values point to.
//
//go:noinline
func newVersion(was, now any) {
	knownLock.Lock()
	defer knownLock.Unlock()
	next := map[unsafe.Pointer]unsafe.Pointer{}
	if k := known.Load(); k != nil {
		next = maps.Clone(k.next)
	}
	next[descriptor(reflect.TypeOf(was).Elem())] = descriptor(reflect.TypeOf(now).Elem())
	known.Store(&knownVersions{next: next})
	revised.Store(true)
}

// Upgrade returns x with the newest version of the type that it holds. I is an
// interface type, or an argument of a type parameter. Most code runs before any type
// has a second version, so it is made to be inlined.
//
// Generic functions are compiled again in each cell that uses them, with all the generic types that they mention: what can be
// done without the type is done elsewhere.
func Upgrade[I any](x I) I {
	if !revised.Load() || !isInterface[I]() {
		return x
	}
	if newest, changed := newest(x); changed {
		return held(newest, x)
	}
	return x
}

// As returns x with the version of the type that it holds that E is, if E is one; if E is
// an interface, with the newest. E is the type that x is asked for.
func As[E, I any](x I) I {
	if !revised.Load() || !isInterface[I]() {
		return x
	}
	if version, changed := versionOf(x, (*E)(nil)); changed {
		return held(version, x)
	}
	return x
}

// held returns what an any holds, or x where that is no I.
func held[I any](version any, x I) I {
	if v, ok := version.(I); ok {
		return v
	}
	return x
}

// isInterface reports whether I is an interface type: no other has a zero value that is nil in an any.
func isInterface[I any]() bool {
	var zero I
	return any(zero) == nil
}

// newest returns a value as its type's newest version, if there is a newer one.
//
//go:noinline
func newest(held any) (any, bool) {
	if held == nil {
		return nil, false
	}
	was := reflect.TypeOf(held)
	return as(held, was, known.Load().newestOf(was))
}

// versionOf returns a value as the version of its type that asked points to, if that is one; if it is an interface, as the newest.
//
//go:noinline
func versionOf(held, asked any) (any, bool) {
	if held == nil {
		return nil, false
	}
	was, version := reflect.TypeOf(held), reflect.TypeOf(asked).Elem()
	k := known.Load()
	switch {
	case version.Kind() == reflect.Interface:
		version = k.newestOf(was)
	case was == version || k.newestOf(was) != k.newestOf(version):
		return nil, false
	}
	return as(held, was, version)
}

// as returns a value as another version of its type, unless that is the one that it has.
func as(held any, was, version reflect.Type) (any, bool) {
	layout(&held).typ = descriptor(version)
	return held, version != was
}

func (k *knownVersions) newestOf(t reflect.Type) reflect.Type {
	if found, ok := k.newest.Load(t); ok {
		return found.(reflect.Type)
	}
	newest := t
	for next := k.next[descriptor(newest)]; next != nil; next = k.next[descriptor(newest)] {
		newest = typeAt(next)
	}
	if newest == t && t.Name() == "" {
		newest = k.newestComposite(t)
	}
	k.newest.Store(t, newest)
	return newest
}

// typeAt is the type whose descriptor stands at an address.
func typeAt(descriptor unsafe.Pointer) reflect.Type {
	held := any(reflect.TypeFor[int]())
	layout(&held).data = descriptor
	return held.(reflect.Type)
}

// newestComposite is a type without a name, made of the newest versions of its parts.
// Types that reflect cannot make stay as they are.
func (k *knownVersions) newestComposite(t reflect.Type) (newest reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan, reflect.Map:
		elem := k.newestOf(t.Elem())
		switch {
		case t.Kind() == reflect.Map:
			if key := k.newestOf(t.Key()); key != t.Key() || elem != t.Elem() {
				return reflect.MapOf(key, elem)
			}
		case elem == t.Elem():
		case t.Kind() == reflect.Pointer:
			return reflect.PointerTo(elem)
		case t.Kind() == reflect.Slice:
			return reflect.SliceOf(elem)
		case t.Kind() == reflect.Array:
			return reflect.ArrayOf(t.Len(), elem)
		default:
			return reflect.ChanOf(t.ChanDir(), elem)
		}
	case reflect.Func:
		var in, out []reflect.Type
		changed := false
		for i := range t.NumIn() {
			p := t.In(i)
			in = append(in, k.newestOf(p))
			changed = changed || in[len(in)-1] != p
		}
		for i := range t.NumOut() {
			p := t.Out(i)
			out = append(out, k.newestOf(p))
			changed = changed || out[len(out)-1] != p
		}
		if changed {
			return reflect.FuncOf(in, out, t.IsVariadic())
		}
	case reflect.Struct:
		var fields []reflect.StructField
		changed := false
		for i := range t.NumField() {
			f := t.Field(i)
			newest := k.newestOf(f.Type)
			changed = changed || newest != f.Type
			f.Type = newest
			fields = append(fields, f)
		}
		if changed {
			defer func() {
				if recover() != nil { // some embedded fields
					newest = t
				}
			}()
			return reflect.StructOf(fields)
		}
	}
	return t
}
