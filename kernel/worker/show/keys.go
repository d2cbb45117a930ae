package show

import (
	"cmp"
	"container/heap"
	"reflect"
	"slices"
)

// maxKeys bounds how many keys of a map are looked at; so many take some tenths of a
// second.
const maxKeys = 1 << 21

type entry struct{ key, value reflect.Value }

// smallest are the first n entries of a map in the order of their keys. Of a map beyond
// maxKeys they are those of the keys that were looked at, and whole is false. Values are
// taken with their keys: a key that is not equal to itself, as NaN, finds nothing.
func smallest(m reflect.Value, n int) (list []entry, whole bool) {
	var kept entries
	it := m.MapRange()
	whole = true
	if m.Len() <= n {
		for it.Next() {
			kept = append(kept, entry{it.Key(), it.Value()})
		}
	} else {
		key := reflect.New(m.Type().Key()).Elem()
		for looked := 0; it.Next(); looked++ {
			if looked == maxKeys {
				whole = false
				break
			}
			if m.CanInterface() {
				key.SetIterKey(it) // allocates nothing
			} else {
				key = it.Key()
			}
			switch {
			case len(kept) < n:
				heap.Push(&kept, entry{it.Key(), it.Value()})
			case compare(key, kept[0].key) < 0:
				kept[0] = entry{it.Key(), it.Value()}
				heap.Fix(&kept, 0)
			}
		}
	}
	slices.SortStableFunc(kept, func(a, b entry) int { return compare(a.key, b.key) })
	return kept, whole
}

// entries are a heap with the largest key at its top.
type entries []entry

func (e entries) Len() int           { return len(e) }
func (e entries) Less(i, j int) bool { return compare(e[i].key, e[j].key) > 0 }
func (e entries) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *entries) Push(x any)        { *e = append(*e, x.(entry)) }
func (e *entries) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// compare is fmt's order of keys. Keys of an interface type that differ in type go by
// the type's name.
func compare(a, b reflect.Value) int {
	if a.Kind() != b.Kind() {
		return cmp.Compare(a.Kind(), b.Kind())
	}
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float()) // NaN first
	case a.CanComplex():
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	}
	switch a.Kind() {
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Bool:
		return cmp.Compare(order(a.Bool()), order(b.Bool()))
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compare(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if c := compare(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	case reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return cmp.Compare(order(!a.IsNil()), order(!b.IsNil()))
		}
		a, b = a.Elem(), b.Elem()
		if a.Type() != b.Type() {
			return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), cmp.Compare(a.Type().String(), b.Type().String()))
		}
		return compare(a, b)
	}
	return 0
}

func order(b bool) int {
	if b {
		return 1
	}
	return 0
}
