package scope

import "go/types"

// Symbols are those of the current versions, without these names.
func (n *Names) Symbols(without map[string]bool) map[string]bool {
	set := map[string]bool{}
	for _, d := range n.Current {
		if !without[d.Name] {
			set[d.Ident] = true
		}
	}
	return set
}

// Garbage are the variables without a name that nothing reaches.
func (n *Names) Garbage(callable map[string]bool) (list []*Declaration) {
	for _, d := range n.Left {
		if !n.Reach.IsReached(d.Ident, callable) {
			list = append(list, d)
		}
	}
	return list
}

// KeepsAlive reports whether d is a variable that may hold what else would be garbage,
// and that may be given its zero value.
func (d *Declaration) KeepsAlive() bool {
	v, ok := d.Object.(*types.Var)
	return ok && d.Linkname == nil && holdsPointers(v.Type()) && !NotInHeap(v.Type())
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

// NotInHeap reports whether a type is one of the runtime's that generic code cannot
// handle, as the garbage collector does not.
func NotInHeap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			f := u.Field(i).Type()
			if named, ok := types.Unalias(f).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Name() == "nih" && named.Obj().Pkg().Path() == "internal/runtime/sys" {
				return true
			}
			if NotInHeap(f) {
				return true
			}
		}
	case *types.Array:
		return NotInHeap(u.Elem())
	}
	return false
}
