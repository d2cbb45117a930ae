package frontend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"locuslab/kernel/session/scope"
)

// A cell that fails, is interrupted or returns early leaves variables behind whose statements it
// has not got to. They are zero, which nothing has computed. So the cell notes which of its
// declaring statements it has left behind it, and the others' variables count as without a value.

// mostSettled is how many statements of a cell are told apart, by the bits of a number; those
// beyond have the last bit together.
const mostSettled = 64

// settle has the cell note each statement that declares variables once it has run. Those of var
// declarations that stand together are noted together, as Go may run them in another order.
func (e *emitter) settle() {
	body := e.Body.Body.List
	runs := e.runsOf(body)
	e.setAt = map[*scope.Declaration]token.Pos{}
	var group []*scope.Declaration
	var last ast.Stmt // of those that have the last bit
	for i, s := range body {
		for _, v := range e.declaredBy(s) {
			group = append(group, e.fresh[v])
			e.setAt[e.fresh[v]] = s.End()
		}
		if len(group) == 0 || i+1 < len(body) && runs[s] != 0 && runs[body[i+1]] == runs[s] {
			continue
		}
		e.settles = append(e.settles, group)
		group = nil
		if bit := len(e.settles) - 1; bit < mostSettled-1 {
			e.insertAfter(s.End(), fmt.Sprintf("; *%s |= 1<<%d", scope.SettledName, bit))
		} else {
			last = s
		}
	}
	if last != nil {
		e.insertAfter(last.End(), fmt.Sprintf("; *%s |= 1<<%d", scope.SettledName, mostSettled-1))
	}
	if len(e.settles) > 0 {
		e.insert(e.Body.Body.Lbrace+1, fmt.Sprintf("%s := %s.Settling(%d);", scope.SettledName, e.Scope.Alias(e.Scope.Runtime), e.ID))
	}
	for obj, d := range e.fresh {
		if _, isVar := obj.(*types.Var); isVar && !e.setAt[d].IsValid() && e.Revised[d.Name] == nil {
			e.zero = append(e.zero, d)
		}
	}
}

// Settle notes which of the cell's variables have got their values, by what the worker tells of
// the run: a bit for each statement that declares some.
func (em *Emission) Settle(ran uint64) {
	for i, list := range em.settles {
		if ran&(1<<min(i, mostSettled-1)) != 0 {
			em.Unit.Scope.Names.Settle(list...)
		}
	}
}
