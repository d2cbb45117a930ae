package frontend

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// meaning tells what a unit does from what any other unit does, so that a cell that
// runs again is not compiled again. It is what the user wrote, where it stands in the
// cell, and for each name which declaration, package or predeclared thing it stands
// for; what the kernel makes of a cell follows from these. Texts are quoted and
// nothing is left out of them.
func (e *emitter) meaning() string {
	var b strings.Builder
	for _, item := range e.Items {
		line, column := e.Cell.Position(item.Start)
		fmt.Fprintf(&b, "%v %d:%d %v %q\n", item.Kind, line, column, item.Hidden, e.Cell.Source(item))
	}
	var names []*ast.Ident
	for id := range e.Info.Uses {
		if e.offset(id.Pos()) >= e.DeclFrom {
			names = append(names, id)
		}
	}
	slices.SortFunc(names, func(x, y *ast.Ident) int { return int(x.Pos() - y.Pos()) })
	for _, id := range names {
		b.WriteString(e.identity(e.Info.Uses[id]))
		if e.copies[id] != "" { // as nothing else reaches the variable
			b.WriteString(" copied")
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "methods added %d times, init functions %q\n", e.Scope.Names.Revised, e.Inits)
	for _, d := range e.retired {
		fmt.Fprintf(&b, "retired %d\n", d.Serial)
	}
	return b.String()
}

// identity names what an identifier stands for; what is declared within the unit
// follows from its text.
func (e *emitter) identity(obj types.Object) string {
	if pkg, ok := obj.(*types.PkgName); ok {
		return fmt.Sprintf("package %q", pkg.Imported().Path())
	}
	if d := e.lookup(obj); d != nil {
		return fmt.Sprintf("declaration %d", d.Serial)
	}
	if fromDot(obj, e.Package) {
		return fmt.Sprintf("%q.%s", obj.Pkg().Path(), obj.Name())
	}
	if obj.Pkg() == nil {
		return obj.Name()
	}
	return "-"
}
