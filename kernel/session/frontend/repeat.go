package frontend

import (
	"go/ast"
	"go/types"
)

// repeatConstants writes out what a local const declaration repeats silently where
// a name in it means something else the second time:
//
//	const (
//		X = X + 1 // an earlier cell's X
//		Y         // the X above
//	)
//
// The edits of the first expression are not those of its repetition.
func (e *emitter) repeatConstants() {
	e.EachRepetition(func(first, again *ast.ValueSpec) {
		e.insert(again.End(), e.repetition(first, again))
	})
}

// repetition is the type and the values of a specification as another repeats them.
func (e *emitter) repetition(first, again *ast.ValueSpec) string {
	text := ""
	if first.Type != nil {
		text = " " + e.spell(first.Type, again)
	}
	for i, v := range first.Values {
		text += map[bool]string{true: " = ", false: ", "}[i == 0] + e.spell(v, again)
	}
	return text
}

// spell is the text of an expression with each name as it is meant at a place.
func (e *emitter) spell(x ast.Expr, at *ast.ValueSpec) string {
	from, text := e.offset(x.Pos()), ""
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr: // a field or a package's name is spelt as it is
			text += e.spellBetween(&from, n.X, at)
			return false
		case *ast.Ident:
			text += e.spellBetween(&from, n, at)
		}
		return true
	})
	return text + e.source[from:e.offset(x.End())]
}

func (e *emitter) spellBetween(from *int, x ast.Expr, at *ast.ValueSpec) string {
	text := e.source[*from:e.offset(x.Pos())]
	*from = e.offset(x.End())
	id, ok := x.(*ast.Ident)
	if !ok {
		return text + e.spell(x, at)
	}
	switch obj := e.Meant(id, at).(type) {
	case *types.PkgName:
		return text + e.Scope.Alias(obj.Imported().Path())
	case nil:
	default:
		if d := e.lookup(obj); d != nil {
			return text + d.Ident
		} else if fromDot(obj, e.Package) {
			return text + e.Scope.Alias(obj.Pkg().Path()) + "." + id.Name
		}
	}
	return text + id.Name
}
