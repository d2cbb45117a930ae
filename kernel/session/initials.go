package session

import (
	"go/ast"
	"go/token"

	"locuslab/kernel/session/scope"
)

// initials are the origins of the cell's variables with what each mentions.
func (e *emitter) initials() map[*scope.Declaration]origin {
	all := map[*scope.Declaration]origin{}
	for _, decl := range e.syntax.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR || e.offset(gen.Pos()) >= e.declFrom {
			continue
		}
		for _, spec := range gen.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				o, ok := e.initial[name.Name]
				if d := e.fresh[e.info.Defs[name]]; ok && d != nil {
					o.needs = e.needsOf(spec)
					all[d] = o
				}
			}
		}
	}
	return all
}
