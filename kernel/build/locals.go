package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
)

// The compiler tells the types that functions declare apart by numbers: the third of a
// package is main.T·3. Units that repeat the text of a generic function, or of a method,
// number its types by chance, though they are the same types in each.

// localTypes names the types that such functions of a unit declare, by the number that
// the compiler gives them. A name stands for the same type in all units.
func localTypes(source []byte) map[int]string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil // the compiler tells
	}
	names, number := map[int]string{}, 0
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		owner, first := repeatedName(fn), number
		ast.Inspect(fn, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && !spec.Assign.IsValid() {
				if number++; owner != "" {
					names[number] = fmt.Sprintf("%s#%d", owner, number-first)
				}
			}
			return true
		})
	}
	return names
}

// repeatedName is what tells a function apart whose text other units may have as well;
// empty for one that they only call.
func repeatedName(fn *ast.FuncDecl) string {
	switch {
	case fn.Recv != nil && len(fn.Recv.List) == 1:
		t := fn.Recv.List[0].Type
		for {
			switch x := t.(type) {
			case *ast.ParenExpr:
				t = x.X
			case *ast.StarExpr:
				t = x.X
			case *ast.IndexExpr:
				t = x.X
			case *ast.IndexListExpr:
				t = x.X
			case *ast.Ident:
				return x.Name + "." + fn.Name.Name
			default:
				return ""
			}
		}
	case fn.Type.TypeParams != nil:
		return fn.Name.Name
	}
	return ""
}
