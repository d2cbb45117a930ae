package scope

import "go/types"

// MadeOf reports whether is holds for a type or for one that its text mentions: an element, a field, a parameter, a type
// argument. What a named type stands for is not looked at.
func MadeOf(t types.Type, is func(types.Type) bool) bool {
	t = types.Unalias(t)
	if is(t) {
		return true
	}
	for part := range parts(t) {
		if MadeOf(part, is) {
			return true
		}
	}
	return false
}

// parts yields the types that the text of a type mentions at its top.
func parts(t types.Type) func(yield func(types.Type) bool) {
	return func(yield func(types.Type) bool) {
		switch t := types.Unalias(t).(type) {
		case *types.Named:
			t.TypeArgs().Types()(yield)
		case *types.Map:
			_ = yield(t.Key()) && yield(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				if !yield(f.Type()) {
					return
				}
			}
		case *types.Signature:
			_ = yield(t.Params()) && yield(t.Results())
		case *types.Tuple:
			for v := range t.Variables() {
				if !yield(v.Type()) {
					return
				}
			}
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				if !yield(m.Signature()) {
					return
				}
			}
			t.EmbeddedTypes()(yield)
		case *types.Union:
			for term := range t.Terms() {
				if !yield(term.Type()) {
					return
				}
			}
		case interface{ Elem() types.Type }:
			yield(t.Elem())
		}
	}
}
