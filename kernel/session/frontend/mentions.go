package frontend

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// mentionsOf lists the mentions in the text of a declaration, in order. Text that was
// compiled before, under the same key, has them where they were.
func (e *emitter) mentionsOf(n ast.Node, key string) []scope.Mention {
	embedded, selected := map[*ast.Ident]bool{}, map[*ast.Ident]bool{}
	var list []scope.Mention
	ast.Inspect(n, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Field:
			if len(node.Names) == 0 {
				embedded[syntax.BaseIdent(node.Type)] = true
			}
		case *ast.SelectorExpr:
			selected[node.Sel] = true
		case *ast.Ident:
			obj := e.Info.Uses[node]
			if obj == nil || selected[node] {
				return true
			}
			m := scope.Mention{At: e.offset(node.Pos()) - e.offset(n.Pos()), Name: node.Name, Declared: e.lookup(obj), Embedded: embedded[node]}
			pkg, isPackage := obj.(*types.PkgName)
			switch {
			case m.Declared != nil:
				m.Name = m.Declared.Name
			case isPackage:
				m.Path = pkg.Imported().Path()
			case obj.Parent() != types.Universe && !fromDot(obj, e.Package):
				return true
			}
			list = append(list, m)
		}
		return true
	})
	slices.SortFunc(list, func(a, b scope.Mention) int { return a.At - b.At })
	if before, ok := e.Again[key]; ok {
		if len(list) != len(before) {
			panic(fmt.Sprintf("a declaration mentions %d names, and %d when it is compiled again", len(before), len(list)))
		}
		for i := range list {
			list[i].At, list[i].Name = before[i].At, before[i].Name
		}
	}
	return list
}
