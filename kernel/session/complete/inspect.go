package complete

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
)

// Inspect tells what stands at the cursor: the name there, or in the middle of a call's
// arguments the function that is called. With detail the source is told, too.
func (h *Helper) Inspect(ctx context.Context, code string, cursor, detail int) (display.Bundle, bool) {
	cursor = min(max(cursor, 0), len(code))
	if programOf(code) != "" && cursor > strings.IndexByte(code+"\n", '\n') {
		return display.Bundle{}, false
	}
	end := cell.NameEnd(code, cursor)
	at := cell.At(code, end)
	if at.Place == cell.InMagic {
		line := code[at.Start:]
		line, _, _ = strings.Cut(line, "\n")
		name, _, _ := strings.Cut(strings.TrimRight(line, "? "), " ")
		if cursor <= at.Start+len(name) || magic.Takes(name) != magic.GoCode {
			return h.Magic(name)
		}
		code = blanked(code, at.Start, end, len(name))
		at = cell.At(code, end)
	}
	if at.Place == cell.InCode && at.Start < end {
		v := h.look(ctx, code[:end], code[end:])
		if about, ok := v.at(code, at.Start); ok {
			return h.describe(ctx, about, v, detail), true
		}
		if b, ok := h.named(ctx, code[at.Start:end], at.Dot, detail); ok {
			return b, true
		}
	}
	if at = cell.At(code, cursor); at.Paren >= 0 && at.Place != cell.InComment {
		return h.call(ctx, code, cursor, at, detail)
	}
	return display.Bundle{}, false
}

// Magic is the help of a magic, which is named with its percent signs.
func (h *Helper) Magic(name string) (display.Bundle, bool) {
	text, ok := magic.Help(name)
	return display.Text(text), ok && strings.HasPrefix(name, "%")
}

// named tells what a name is that stands for no object of the cell: a package, or something
// predeclared.
func (h *Helper) named(ctx context.Context, name string, dot bool, detail int) (display.Bundle, bool) {
	if dot {
		return display.Bundle{}, false
	}
	if d := h.Scope.Names.Current[name]; d != nil {
		return h.describe(ctx, subject{obj: d.Object}, nil, detail), true
	}
	path := h.Scope.Names.Imports[name]
	if path == "" && types.Universe.Lookup(name) == nil {
		path = h.Scope.GuessImport(ctx, name, nil)
	}
	if path != "" {
		if pkg, err := h.Scope.Importer.Import(path); err == nil {
			return h.packageEntry(ctx, pkg), true
		}
	}
	if obj := types.Universe.Lookup(name); obj != nil {
		return h.describe(ctx, subject{obj: obj}, nil, detail), true
	}
	return display.Bundle{}, false
}

// A subject is an object with the type that it is a member of.
type subject struct {
	obj   types.Object
	owner *types.TypeName // nil for no member, or one of a type without a name
}

// at is the object whose name begins at an offset of the cell's text.
func (v *Checked) at(code string, offset int) (about subject, ok bool) {
	if v == nil {
		return subject{}, false
	}
	here := v.spot(code, offset)
	var enclosing []ast.Node
	ast.Inspect(v.File, func(n ast.Node) bool {
		if n == nil {
			enclosing = enclosing[:len(enclosing)-1]
			return true
		}
		enclosing = append(enclosing, n)
		id, isName := n.(*ast.Ident)
		if !isName || ok || !here(id.Pos()) {
			return true
		}
		obj := v.Info.ObjectOf(id)
		if obj == nil {
			return true
		}
		about, ok = subject{obj: obj, owner: v.owner(obj, enclosing)}, true
		return true
	})
	return about, ok
}

// spot reports of a position whether it is an offset of the cell's text.
func (v *Checked) spot(code string, offset int) func(token.Pos) bool {
	line := 1 + strings.Count(code[:offset], "\n")
	column := offset - strings.LastIndexByte(code[:offset], '\n')
	return func(pos token.Pos) bool {
		p := v.Fset.Position(pos)
		return p.Line == line && p.Column == column && p.Filename == File
	}
}

// owner is the type that a method or a field is a member of. enclosing are the nodes around its
// name, the name itself last.
func (v *Checked) owner(obj types.Object, enclosing []ast.Node) *types.TypeName {
	switch obj := obj.(type) {
	case *types.Func:
		return ownerOf(obj)
	case *types.Var:
		if !obj.IsField() {
			return nil
		}
	default:
		return nil
	}
	for i := len(enclosing) - 1; i >= 0; i-- {
		switch n := enclosing[i].(type) {
		case *ast.SelectorExpr:
			if sel := v.Info.Selections[n]; sel != nil && sel.Obj() == obj {
				t := sel.Recv()
				for _, step := range sel.Index()[:len(sel.Index())-1] {
					if st, ok := dereferenced(t).Underlying().(*types.Struct); ok {
						t = st.Field(step).Type()
					}
				}
				return typeName(t)
			}
		case *ast.CompositeLit:
			if t := v.Info.TypeOf(n); t != nil {
				return typeName(t)
			}
		case *ast.TypeSpec:
			name, _ := v.Info.Defs[n.Name].(*types.TypeName)
			return name
		}
	}
	return nil
}

// ownerOf is the type that a function is a method of.
func ownerOf(fn *types.Func) *types.TypeName {
	if recv := fn.Signature().Recv(); recv != nil {
		return typeName(recv.Type())
	}
	return nil
}

// typeName is the name that a type, or what it points to, was declared by.
func typeName(t types.Type) *types.TypeName {
	switch t := types.Unalias(dereferenced(t)).(type) {
	case *types.Named:
		return t.Origin().Obj()
	}
	return nil
}

// call tells of the function whose arguments the cursor stands in, and of the parameter at hand.
func (h *Helper) call(ctx context.Context, code string, cursor int, at cell.Cursor, detail int) (display.Bundle, bool) {
	for _, head := range []string{code[:cursor], code[:cursor] + marker} {
		v := h.look(ctx, head, code[cursor:])
		if v == nil {
			continue
		}
		here := v.spot(code, at.Paren)
		var called *ast.CallExpr
		ast.Inspect(v.File, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && called == nil && here(call.Lparen) {
				called = call
			}
			return called == nil
		})
		if called == nil {
			continue
		}
		about, ok := v.callee(called.Fun)
		if !ok {
			return display.Bundle{}, false
		}
		b := h.describe(ctx, about, v, detail)
		sig, _ := v.Info.TypeOf(called.Fun).(*types.Signature)
		if sig == nil && v.Info.TypeOf(called.Fun) != nil {
			sig, _ = v.Info.TypeOf(called.Fun).Underlying().(*types.Signature)
		}
		if sig != nil {
			return withArgument(b, sig, at.Argument), true
		}
		return b, true
	}
	return display.Bundle{}, false
}

// callee is what an expression calls: a function or a method by its name, or else the value.
func (v *Checked) callee(fun ast.Expr) (subject, bool) {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		if obj := v.Info.ObjectOf(f); obj != nil {
			return subject{obj: obj}, true
		}
	case *ast.SelectorExpr:
		if obj := v.Info.ObjectOf(f.Sel); obj != nil {
			return subject{obj: obj, owner: v.owner(obj, []ast.Node{f, f.Sel})}, true
		}
	case *ast.IndexExpr:
		return v.callee(f.X)
	case *ast.IndexListExpr:
		return v.callee(f.X)
	default:
		if t := v.Info.TypeOf(fun); t != nil {
			return subject{obj: types.NewVar(fun.Pos(), v.Pkg, "func", t)}, true
		}
	}
	return subject{}, false
}
