package session

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A variable that lives on is the package's, and the compiler reads a package's
// variable through two loads on every turn of a loop. A loop at the top of a
// cell therefore works on locals: they are read before it and written back.
//
// This is right for a variable that nothing but statements at the top of cells
// refers to: no function, no closure and no pointer can see it, so nobody looks
// at it while the loop runs. A panic must leave the value that the variable had
// then. In a loop where nothing can panic the locals are written back when it
// ends or is interrupted; in any other each assignment is written through.

// shared notes the variables that something besides top-level statements sees.
func (e *emitter) shared() {
	mark := func(id *ast.Ident) {
		if d := e.lookup(e.info.Uses[id]); d != nil {
			d.shared = true
		}
	}
	markAll := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				mark(id)
			}
			return true
		})
	}
	for _, d := range e.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if fn != e.body {
			markAll(fn)
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				markAll(n)
			case *ast.CallExpr:
				return !isZeroing(n) // which keeps no pointer
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					markAll(n.X)
				}
			case *ast.SelectorExpr: // x.M() with a pointer receiver takes x's address
				if sel := e.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
					if _, pointer := sel.Recv().Underlying().(*types.Pointer); !pointer {
						markAll(n.X)
					}
				}
			case *ast.DeferStmt: // runs when the cell ends, with what it was given
			}
			return true
		})
	}
}

// A hoisted loop has locals in place of variables.
type hoisted struct {
	loop    ast.Stmt // with its label
	vars    []*declaration
	through bool // each assignment is written through
}

// localName is the local that stands for a variable.
func localName(d *declaration) string { return "nbL_" + d.ident }

// hoist gives the loops at the top of the cell locals to work on.
func (e *emitter) hoist() {
	e.locals = map[*ast.Ident]string{}
	e.beforePoll = map[*ast.BlockStmt]string{}
	e.atInterrupt = map[*ast.BlockStmt]string{}
	jumps := false
	ast.Inspect(e.body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			jumps = true
		}
		return true
	})
	if jumps {
		return
	}
	ast.Inspect(e.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.LabeledStmt:
			switch n.Stmt.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				e.hoistLoop(n, n.Stmt)
				return false
			}
		case *ast.ForStmt, *ast.RangeStmt:
			e.hoistLoop(n.(ast.Stmt), n.(ast.Stmt))
			return false
		}
		return true
	})
}

func (e *emitter) hoistLoop(whole, loop ast.Stmt) {
	h := &hoisted{loop: whole, through: e.mayLeaveEarly(loop)}
	uses := map[*declaration][]*ast.Ident{}
	ast.Inspect(loop, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := e.info.Uses[id].(*types.Var); ok && !v.IsField() {
				if d := e.lookup(v); d != nil && !d.shared && fitsRegisters(v.Type()) {
					if uses[d] == nil {
						h.vars = append(h.vars, d)
					}
					uses[d] = append(uses[d], id)
				}
			}
		}
		return true
	})
	for d := range e.assignedOddly(loop) {
		delete(uses, d)
	}
	kept := h.vars[:0]
	for _, d := range h.vars {
		if uses[d] != nil {
			kept = append(kept, d)
		}
	}
	if h.vars = kept; len(kept) == 0 {
		return
	}
	changed := e.assignedIn(loop)
	var load, store strings.Builder
	for _, d := range h.vars {
		for _, id := range uses[d] {
			e.locals[id] = localName(d)
		}
		load.WriteString(localName(d) + " := " + d.ident + "; ")
		if !h.through && changed[d] {
			store.WriteString("; " + d.ident + " = " + localName(d))
		}
	}
	e.insert(whole.Pos(), "{ "+load.String())
	// A local that is mentioned behind the loop keeps a register through it: what
	// the loop leaves alone, and what it has written through, is not stored again.
	e.insert(whole.End(), store.String()+"}")
	if h.through {
		e.writeThrough(loop, h.vars)
		return
	}
	ast.Inspect(loop, func(n ast.Node) bool {
		if body := loopBody(n); body != nil {
			e.atInterrupt[body] = strings.TrimPrefix(store.String()+"; ", "; ")
		}
		return true
	})
}

// assignedIn are the variables that a loop assigns to anywhere.
func (e *emitter) assignedIn(loop ast.Stmt) map[*declaration]bool {
	changed := map[*declaration]bool{}
	ast.Inspect(loop, func(n ast.Node) bool {
		if s, ok := n.(ast.Stmt); ok {
			for _, d := range e.assigned(s) {
				changed[d] = true
			}
		}
		return true
	})
	return changed
}

// writeThrough writes each assigned local back behind its assignment; what the
// head of a loop assigns, at the head of its body.
func (e *emitter) writeThrough(loop ast.Stmt, vars []*declaration) {
	hoisted := map[*declaration]bool{}
	for _, d := range vars {
		hoisted[d] = true
	}
	store := func(s ast.Stmt) string {
		var b strings.Builder
		for _, d := range e.assigned(s) {
			if hoisted[d] {
				b.WriteString("; " + d.ident + " = " + localName(d))
			}
		}
		return b.String()
	}
	head := map[ast.Stmt]bool{}
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			head[n.Init], head[n.Post] = true, true
			e.beforePoll[n.Body] = strings.TrimPrefix(store(n.Init)+store(n.Post), "; ")
		case *ast.RangeStmt:
			e.beforePoll[n.Body] = strings.TrimPrefix(store(n), "; ")
		case *ast.AssignStmt, *ast.IncDecStmt:
			if s := n.(ast.Stmt); !head[s] {
				e.insert(s.End(), store(s))
			}
		}
		return true
	})
}

// assigned lists the variables that a simple statement or the head of a range
// loop assigns to.
func (e *emitter) assigned(s ast.Stmt) (list []*declaration) {
	add := func(x ast.Expr) {
		if id, ok := x.(*ast.Ident); ok {
			if d := e.lookup(e.info.Uses[id]); d != nil {
				list = append(list, d)
			}
		}
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, l := range s.Lhs {
			add(ast.Unparen(l))
		}
	case *ast.IncDecStmt:
		add(ast.Unparen(s.X))
	case *ast.RangeStmt:
		if s.Tok == token.ASSIGN {
			if s.Key != nil {
				add(s.Key)
			}
			if s.Value != nil {
				add(s.Value)
			}
		}
	}
	return list
}

// assignedOddly are the variables assigned where nothing can be written behind
// the assignment: in the head of an if, a switch or a select's case.
func (e *emitter) assignedOddly(loop ast.Stmt) map[*declaration]bool {
	odd := map[*declaration]bool{}
	add := func(s ast.Stmt) {
		for _, d := range e.assigned(s) {
			odd[d] = true
		}
	}
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			add(n.Init)
		case *ast.SwitchStmt:
			add(n.Init)
		case *ast.TypeSwitchStmt:
			add(n.Init)
		case *ast.CommClause:
			add(n.Comm)
		case *ast.ForStmt:
			if n.Cond != nil && e.mayPanic(n.Cond) {
				add(n.Init)
				add(n.Post)
			}
		case *ast.LabeledStmt:
			add(n.Stmt)
		}
		return true
	})
	return odd
}

// fitsRegisters tells the types whose values are worth a local.
func fitsRegisters(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array, *types.TypeParam:
		return false
	}
	return true
}

func loopBody(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}
	return nil
}
