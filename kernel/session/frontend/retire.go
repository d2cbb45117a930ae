package frontend

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// A variable whose name has been redeclared, or forgotten, gets its zero value
// where nothing can reach it any more, so that what it held is garbage. What a
// function that can be called, a closure or a pointer may still reach stays.

// retire zeroes the variables that nothing reaches once the cell has declared what it
// declares: those that it takes the names of behind the statement that does so, and
// those that lost their names before, as far as a function that it declares anew was the
// last to reach them, at once.
func (e *emitter) retire() {
	names := e.Scope.Names
	replaced := map[types.Object]*scope.Declaration{} // by what takes the name
	for obj, d := range e.fresh {
		if old := names.Current[d.Name]; d.Unit == e.ID && old != nil && old.KeepsAlive() {
			replaced[obj] = old
		}
	}
	if len(names.Left)+len(replaced) == 0 { // mostly
		return
	}
	callable := e.callable()
	for _, d := range names.Garbage(callable) {
		e.retired = append(e.retired, d)
		e.insert(e.Body.Body.Lbrace+1, fmt.Sprintf("%s(&%s);", scope.ZeroName, d.Ident))
	}
	if syntax.HasGoto(e.Body) { // that statement may be reached again, and mean the earlier version
		return
	}
	last := map[string]ast.Stmt{} // of the declaring statements
	for _, s := range e.Body.Body.List {
		for _, v := range e.declaredBy(s) {
			last[v.Name()] = s
		}
	}
	for obj, old := range replaced {
		if names.Reach.IsReached(old.Ident, callable) {
			continue
		}
		e.retired = append(e.retired, old)
		zero := fmt.Sprintf("; %s(&%s)", scope.ZeroName, old.Ident)
		if s := last[obj.Name()]; s != nil {
			e.insertAfter(s.End(), zero)
		} else { // it is not a variable now
			e.insert(e.Body.Body.Lbrace+1, strings.TrimPrefix(zero, "; ")+";")
		}
	}
}

// callable are the symbols of the functions that the cell calls, and that later ones can
// call by name.
func (e *emitter) callable() map[string]bool {
	set := e.Scope.Names.Symbols(e.Declared)
	for _, d := range e.fresh {
		set[d.Ident] = true
	}
	for d := range e.needsOf(e.Syntax).Declarations {
		set[d.Ident] = true
	}
	return set
}

// leaveZero takes out the statements that would zero what they cannot. It is zero in
// any case, as nothing but the runtime can set it.
func (e *emitter) leaveZero() {
	for _, s := range e.Body.Body.List {
		if x, ok := s.(*ast.ExprStmt); ok && isZeroing(x.X) && scope.NotInHeap(e.Info.TypeOf(targets(s)[0])) {
			e.replace(s.Pos(), s.End(), "")
		}
	}
}
