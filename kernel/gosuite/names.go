package gosuite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// What a program uses, and which names mean two things in it.

// sameAgain reports whether a declaration at the top of a cell would be that of an
// earlier cell once more, as when the cell is run again: the same variable, or the
// same type.
func sameAgain(own, earlier types.Object) bool {
	switch own.(type) {
	case *types.Var:
		_, ok := earlier.(*types.Var)
		return ok && types.Identical(own.Type(), earlier.Type())
	case *types.TypeName:
		_, ok := earlier.(*types.TypeName)
		return ok && types.Identical(own.Type().Underlying(), earlier.Type().Underlying())
	}
	return false
}

// freed are functions that let a program see that a variable is gone.
var freed = []string{"runtime.SetFinalizer", "runtime.AddCleanup", "weak.Make"}

// measures are functions that let a program see what all of the process allocates.
var measures = []string{"runtime.ReadMemStats"}

// isOneOf tells functions by their full names.
func isOneOf(names []string) func(types.Object) bool {
	return func(obj types.Object) bool {
		fn, ok := obj.(*types.Func)
		return ok && slices.Contains(names, fn.FullName())
	}
}

// firstUse is where the program first uses what f reports true of, nil if nowhere.
func (s *source) firstUse(f func(types.Object) bool) (first *ast.Ident) {
	for id, obj := range s.info.Uses {
		if f(obj) && (first == nil || id.Pos() < first.Pos()) {
			first = id
		}
	}
	return first
}

// A hidden name is declared at the top of main and also means something outside of it.
type hidden struct{ own, outer types.Object }

// hidden lists the names that main hides.
func (s *source) hidden() (list []hidden) {
	scope := s.info.Scopes[s.main.Type]
	for _, name := range scope.Names() {
		if _, outer := scope.Parent().LookupParent(name, token.NoPos); outer != nil {
			list = append(list, hidden{scope.Lookup(name), outer})
		}
	}
	return list
}

// usesInMain reports whether main uses what f reports true of.
func (s *source) usesInMain(f func(types.Object) bool) bool {
	for id, obj := range s.info.Uses {
		if s.main.Body.Pos() <= id.Pos() && id.Pos() < s.main.Body.End() && f(obj) {
			return true
		}
	}
	return false
}
