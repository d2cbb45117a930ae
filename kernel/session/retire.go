package session

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"locuslab/kernel/cell"
)

// A variable whose name has been declared anew, or forgotten, gets its zero value
// where nothing can reach it any more, so that what it held is garbage. What a
// function, a closure or a pointer may still reach stays.

// retire zeroes the variables that the cell's declarations take the names of, each
// behind the statement that does so.
func (e *emitter) retire() {
	if hasGoto(e.body) { // that statement may be reached again, and mean the earlier version
		return
	}
	last := map[string]ast.Stmt{} // of the declaring statements
	for _, s := range e.body.Body.List {
		for _, v := range e.declaredBy(s) {
			last[v.Name()] = s
		}
	}
	for obj, d := range e.fresh {
		old := e.session.names.current[d.name]
		if d.unit != e.id || old == nil || !old.isUnreachable() {
			continue
		}
		e.retired = append(e.retired, old)
		zero := fmt.Sprintf("; %s(&%s)", zeroName, old.ident)
		if s := last[obj.Name()]; s != nil {
			e.insertAfter(s.End(), zero)
		} else { // it is not a variable now
			e.insert(e.body.Body.Lbrace+1, strings.TrimPrefix(zero, "; ")+";")
		}
	}
}

// leaveZero takes out the statements that would zero what they cannot. It is zero in
// any case, as nothing but the runtime can set it.
func (e *emitter) leaveZero() {
	for _, s := range e.body.Body.List {
		if x, ok := s.(*ast.ExprStmt); ok && isZeroing(x.X) && notInHeap(e.info.TypeOf(targets(s)[0])) {
			e.replace(s.Pos(), s.End(), "")
		}
	}
}

// isUnreachable reports whether nothing but statements at the top of cells has
// mentioned a variable.
func (d *declaration) isUnreachable() bool {
	v, ok := d.object.(*types.Var)
	return ok && !d.shared && d.linkname == nil && holdsPointers(v.Type()) && !notInHeap(v.Type())
}

// holdsPointers reports whether values of a type can keep others alive.
func holdsPointers(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0 || t.Kind() == types.UnsafePointer
	case *types.Array:
		return holdsPointers(t.Elem())
	}
	return true
}

// notInHeap reports whether a type is one of the runtime's that generic code cannot
// handle, as the garbage collector does not.
func notInHeap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			f := u.Field(i).Type()
			if named, ok := types.Unalias(f).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Name() == "nih" && named.Obj().Pkg().Path() == "internal/runtime/sys" {
				return true
			}
			if notInHeap(f) {
				return true
			}
		}
	case *types.Array:
		return notInHeap(u.Elem())
	}
	return false
}

// retireText is a cell that zeroes the variables of these names that nothing can
// reach, or empty.
func (s *Session) retireText(names []string) *cell.Cell {
	var text strings.Builder
	for _, name := range names {
		if d := s.names.current[name]; d != nil && d.isUnreachable() {
			fmt.Fprintf(&text, "%s(&%s)\n", zeroName, name)
		}
	}
	if text.Len() == 0 {
		return nil
	}
	return cell.Split(text.String())
}
