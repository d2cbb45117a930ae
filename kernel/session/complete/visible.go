package complete

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
)

// visible lists the names that may stand alone at the cursor. In a literal of a struct with
// keys these are its fields.
func (h *Helper) visible(ctx context.Context, code string, cursor int, at cell.Cursor) (list []display.Match) {
	v := h.look(ctx, code[:at.Start]+marker, code[cell.NameEnd(code, cursor):])
	if v != nil {
		fields, only := v.literalFields()
		if list = fields; only {
			return list
		}
		list = append(list, v.enclosing()...)
	}
	for name, d := range h.Scope.Names.Current {
		list = append(list, matchOf(name, d.Object))
	}
	for name, path := range h.Scope.Names.Imports {
		list = append(list, display.Match{Text: name, Kind: "module", Signature: path})
	}
	for _, name := range types.Universe.Names() {
		list = append(list, matchOf(name, types.Universe.Lookup(name)))
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		list = append(list, display.Match{Text: k.String(), Kind: "keyword"})
	}
	if at.Start < cursor {
		std, _ := h.Scope.Workspace.StdNames(ctx) // without it there is less to offer
		for name, paths := range std {
			list = append(list, display.Match{Text: name, Kind: "module", Signature: paths[0]})
		}
	}
	return list
}

// enclosing are the names of the functions and blocks around the marker, the inner ones first,
// and of the cell.
func (v *Checked) enclosing() (list []display.Match) {
	ast.Inspect(v.File, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == marker && list == nil {
			for s := v.Pkg.Scope().Innermost(id.Pos()); s != nil && s != types.Universe; s = s.Parent() {
				for _, name := range s.Names() {
					list = append(list, matchOf(name, s.Lookup(name)))
				}
			}
		}
		return true
	})
	for _, name := range v.Pkg.Scope().Names() {
		list = append(list, matchOf(name, v.Pkg.Scope().Lookup(name)))
	}
	return list
}

// literalFields are the fields that the literal around the marker does not set yet. Only they
// may stand there where it has keys already.
func (v *Checked) literalFields() (list []display.Match, only bool) {
	ast.Inspect(v.File, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		set, here := map[string]bool{}, false
		keyed := false
		for _, e := range lit.Elts {
			switch e := e.(type) {
			case *ast.Ident:
				here = here || e.Name == marker
			case *ast.KeyValueExpr:
				keyed = true
				if key, ok := e.Key.(*ast.Ident); ok {
					here = here || key.Name == marker
					set[key.Name] = true
				}
			}
		}
		t := v.Info.TypeOf(lit)
		if !here || t == nil {
			return true
		}
		st, ok := dereferenced(t).Underlying().(*types.Struct)
		if !ok {
			return true
		}
		list, only = nil, keyed
		for f := range st.Fields() {
			if isVisible(f) && !set[f.Name()] {
				m := matchOf(f.Name(), f)
				m.Kind = fieldKey
				list = append(list, m)
			}
		}
		return true
	})
	return list, only
}
