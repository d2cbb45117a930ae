package complete

import (
	"context"
	"go/ast"
	"go/types"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
)

// members lists what can follow the dot before the cursor's name.
func (h *Helper) members(ctx context.Context, code string, cursor int, at cell.Cursor) []types.Object {
	var found []types.Object
	if v := h.look(ctx, code[:at.Start]+marker, code[cell.NameEnd(code, cursor):]); v != nil {
		ast.Inspect(v.File, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != marker || found != nil {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok {
				if pkg, ok := v.Info.Uses[id].(*types.PkgName); ok {
					found = exported(pkg.Imported())
					return true
				}
			}
			if t := v.Info.TypeOf(sel.X); t != nil {
				found = membersOf(t)
			}
			return true
		})
	}
	if found == nil { // a package that nothing imports yet
		base := strings.TrimRight(code[:at.Start-1], " ")
		i := strings.LastIndexFunc(base, func(r rune) bool { return !cell.IsNamePart(r) })
		if path := h.Scope.GuessImport(ctx, base[i+1:], nil); path != "" {
			if pkg, err := h.Scope.Importer.Import(path); err == nil {
				found = exported(pkg)
			}
		}
	}
	return found
}

func exported(pkg *types.Package) []types.Object {
	var list []types.Object
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			list = append(list, obj)
		}
	}
	return list
}

// isVisible reports whether cells may mention a member.
func isVisible(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == scope.PackagePath
}

// membersOf lists fields and methods, promoted ones included.
func membersOf(t types.Type) []types.Object {
	list := methodsOf(t)
	var fields func(t types.Type, depth int)
	fields = func(t types.Type, depth int) {
		st, ok := dereferenced(t).Underlying().(*types.Struct)
		if !ok || depth > 5 {
			return
		}
		for f := range st.Fields() {
			if isVisible(f) {
				list = append(list, f)
			}
			if f.Embedded() {
				fields(f.Type(), depth+1)
			}
		}
	}
	fields(t, 0)
	return list
}

// methodsOf lists the methods of a type and its pointer that cells may call.
func methodsOf(t types.Type) (list []types.Object) {
	base := dereferenced(t)
	set := types.NewMethodSet(types.NewPointer(base))
	if types.IsInterface(base) {
		set = types.NewMethodSet(base)
	}
	for m := range set.Methods() {
		if isVisible(m.Obj()) {
			list = append(list, m.Obj())
		}
	}
	return list
}

func dereferenced(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// matchesOf describes objects as completions.
func matchesOf(objects []types.Object) []display.Match {
	list := make([]display.Match, len(objects))
	for i, obj := range objects {
		list[i] = matchOf(obj.Name(), obj)
	}
	return list
}

func matchOf(name string, obj types.Object) display.Match {
	m := display.Match{Text: name}
	switch obj := obj.(type) {
	case *types.Func:
		m.Kind, m.Signature = "function", strings.TrimPrefix(types.TypeString(obj.Type(), Shortly), "func")
	case *types.Builtin:
		m.Kind = "function"
	case *types.TypeName:
		m.Kind = "class"
	case *types.PkgName:
		m.Kind = "module"
	case *types.Var:
		m.Kind, m.Signature = "instance", types.TypeString(obj.Type(), Shortly)
		if obj.IsField() {
			m.Kind = "property"
		}
		if sig, ok := obj.Type().(*types.Signature); ok {
			m.Signature = strings.TrimPrefix(types.TypeString(sig, Shortly), "func")
		}
	case *types.Const:
		m.Kind, m.Signature = "instance", types.TypeString(obj.Type(), Shortly)
	}
	return m
}

// Shortly qualifies names as a cell does.
func Shortly(p *types.Package) string {
	if p.Path() == scope.PackagePath {
		return ""
	}
	return p.Name()
}
