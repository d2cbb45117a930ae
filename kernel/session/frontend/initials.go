package frontend

import (
	"go/ast"
	"go/token"

	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/scope"
)

// initials are the origins of the cell's variables with what each mentions.
func (e *emitter) initials() map[*scope.Declaration]probe.Origin {
	all := map[*scope.Declaration]probe.Origin{}
	for _, decl := range e.Syntax.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR || e.offset(gen.Pos()) >= e.DeclFrom {
			continue
		}
		for _, spec := range gen.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				o, ok := e.Initial[name.Name]
				if d := e.fresh[e.Info.Defs[name]]; ok && d != nil {
					o.Needs = e.needsOf(spec)
					all[d] = o
				}
			}
		}
	}
	return all
}
