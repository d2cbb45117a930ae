package scope

import (
	"go/types"
	"slices"
)

// Holding is a variable that may hold a value of one of the types in an interface, itself
// or in what it is made of; empty for none.
func (n *Names) Holding(held []types.Type) string {
	seen := map[types.Type]bool{}
	for _, d := range n.Sorted() {
		if v, ok := d.Object.(*types.Var); ok && holdsInInterface(v.Type(), held, seen) {
			return d.Name
		}
	}
	return ""
}

// holdsInInterface reports whether values of a type may hold one of the types in an
// interface. Functions are left out: of what closures hold nothing is known.
func holdsInInterface(t types.Type, held []types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	inside := func(t types.Type) bool { return holdsInInterface(t, held, seen) }
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return slices.ContainsFunc(held, func(h types.Type) bool { return mayImplement(h, u) })
	case *types.Pointer:
		return inside(u.Elem())
	case *types.Slice:
		return inside(u.Elem())
	case *types.Array:
		return inside(u.Elem())
	case *types.Chan:
		return inside(u.Elem())
	case *types.Map:
		return inside(u.Key()) || inside(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			if inside(u.Field(i).Type()) {
				return true
			}
		}
	}
	return false
}

// mayImplement reports whether a type, a pointer to it, or an instance of it, has the
// methods of an interface.
func mayImplement(t types.Type, i *types.Interface) bool {
	if types.IsInterface(t) {
		return false
	}
	if named, ok := t.(*types.Named); !ok || named.TypeParams().Len() == 0 {
		return types.Implements(t, i) || types.Implements(types.NewPointer(t), i)
	}
	methods := types.NewMethodSet(types.NewPointer(t)) // whose types depend on the arguments
	for m := range i.Methods() {
		if methods.Lookup(m.Pkg(), m.Name()) == nil {
			return false
		}
	}
	return true
}
