package session

import "go/types"

// symbols are those of the current versions, without these names.
func (n *names) symbols(without map[string]bool) map[string]bool {
	set := map[string]bool{}
	for _, d := range n.current {
		if !without[d.name] {
			set[d.ident] = true
		}
	}
	return set
}

// garbage are the variables without a name that nothing reaches.
func (n *names) garbage(callable map[string]bool) (list []*declaration) {
	for _, d := range n.left {
		if !n.reach.isReached(d.ident, callable) {
			list = append(list, d)
		}
	}
	return list
}

// keepsAlive reports whether d is a variable that may hold what else would be garbage,
// and that may be given its zero value.
func (d *declaration) keepsAlive() bool {
	v, ok := d.object.(*types.Var)
	return ok && d.linkname == nil && holdsPointers(v.Type()) && !notInHeap(v.Type())
}

// holdsPointers reports whether values of a type can keep others alive.
func holdsPointers(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0 || t.Kind() == types.UnsafePointer
	case *types.Array:
		return holdsPointers(t.Elem())
	}
	return true
}

// notInHeap reports whether a type is one of the runtime's that generic code cannot
// handle, as the garbage collector does not.
func notInHeap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			f := u.Field(i).Type()
			if named, ok := types.Unalias(f).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Name() == "nih" && named.Obj().Pkg().Path() == "internal/runtime/sys" {
				return true
			}
			if notInHeap(f) {
				return true
			}
		}
	case *types.Array:
		return notInHeap(u.Elem())
	}
	return false
}
