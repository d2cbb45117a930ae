package session

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// A poll costs a load, a branch, and the registers that a call behind the branch
// may overwrite: nothing beside most loop bodies, a tenth of the shortest. A loop
// that counts to a bound and does a few plain steps a turn is therefore run in
// strips, and polls between them:
//
//	for i := 0; i < n; i++ { … }
//
// becomes
//
//	for i := 0; i < n; { poll; end := the less of n and i+1024; for ; i < end; i++ { … } }
//
// and for i := range n likewise. The body is the user's own, word for word.
const stripTurns = 1024

// strip is a loop that is run in strips.
type strip struct {
	body  *ast.BlockStmt
	index string   // the counter, a variable of the loop's own
	bound ast.Expr // what it counts to

	post   ast.Stmt       // of a for statement: the inner loop has it
	ranges *ast.RangeStmt // in place of a for statement
}

// stripOf tells whether a loop can be run in strips: nothing in it changes its
// bound or its counter, takes the address of anything, or takes long.
func (e *emitter) stripOf(loop ast.Stmt) *strip {
	switch loop := loop.(type) {
	case *ast.ForStmt:
		return e.stripOfFor(loop)
	case *ast.RangeStmt:
		return e.stripOfRange(loop)
	}
	return nil
}

func (e *emitter) stripOfFor(loop *ast.ForStmt) *strip {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 {
		return nil
	}
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS {
		return nil
	}
	post, ok := loop.Post.(*ast.IncDecStmt)
	if !ok || post.Tok != token.INC {
		return nil
	}
	index := init.Lhs[0].(*ast.Ident)
	counter := e.info.Defs[index]
	if counter == nil || e.objectOf(cond.X) != counter || e.objectOf(post.X) != counter || !counts(counter.Type()) {
		return nil
	}
	fixed := map[types.Object]bool{counter: true}
	if value := e.info.Types[cond.Y].Value; value != nil {
		if constant.Sign(value) < 0 {
			return nil
		}
	} else if bound, ok := e.objectOf(cond.Y).(*types.Var); ok {
		fixed[bound] = true
	} else {
		return nil
	}
	if !e.isShort(loop.Body, fixed) {
		return nil
	}
	return &strip{body: loop.Body, index: index.Name, bound: cond.Y, post: loop.Post}
}

// stripOfRange is stripOf for a range over a number, which is evaluated once.
func (e *emitter) stripOfRange(loop *ast.RangeStmt) *strip {
	if !counts(e.info.TypeOf(loop.X)) || loop.Tok == token.ASSIGN {
		return nil
	}
	s := &strip{body: loop.Body, index: "nbI", bound: loop.X, ranges: loop}
	fixed := map[types.Object]bool{}
	if id, ok := loop.Key.(*ast.Ident); ok && id.Name != "_" {
		s.index = id.Name
		fixed[e.info.Defs[id]] = true
	}
	if !e.isShort(loop.Body, fixed) {
		return nil
	}
	return s
}

// counts tells the types of a counter that a strip of turns cannot overflow
// unnoticed.
func counts(t types.Type) bool {
	switch t {
	case types.Typ[types.Int], types.Typ[types.Int64], types.Typ[types.Uint], types.Typ[types.Uint64]:
		return true
	}
	return false
}

// objectOf is what an identifier alone stands for.
func (e *emitter) objectOf(x ast.Expr) types.Object {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	return e.info.Uses[id]
}

// isShort tells a body of plain steps, each done in a moment, that leave the
// fixed variables alone. An index that is a fixed variable is not plain: the
// compiler drops its bounds check where it sees the loop whole.
func (e *emitter) isShort(body *ast.BlockStmt, fixed map[types.Object]bool) bool {
	short := true
	need := func(ok bool) { short = short && ok }
	assigns := func(x ast.Expr) {
		_, elsewhere := ast.Unparen(x).(*ast.StarExpr)
		need(!elsewhere && !fixed[e.objectOf(x)])
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.BlockStmt, *ast.ExprStmt, *ast.EmptyStmt, *ast.IfStmt, *ast.ReturnStmt,
			*ast.Ident, *ast.BasicLit, *ast.ParenExpr, *ast.SelectorExpr, *ast.StarExpr:
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				assigns(x)
			}
			for _, x := range n.Rhs {
				need(e.copiesFast(x))
			}
		case *ast.IncDecStmt:
			assigns(n.X)
		case *ast.BranchStmt:
			need(n.Tok == token.CONTINUE && n.Label == nil)
		case *ast.UnaryExpr:
			need(n.Op != token.AND && n.Op != token.ARROW)
		case *ast.BinaryExpr:
			need(e.isScalar(n.X))
		case *ast.IndexExpr:
			need(!fixed[e.objectOf(n.Index)])
		case *ast.CallExpr:
			need(e.isShortCall(n))
		default:
			need(false)
		}
		return short
	})
	return short
}

// isShortCall tells a call that is done in a moment, however large what it is
// given.
func (e *emitter) isShortCall(call *ast.CallExpr) bool {
	if !e.isCalm(call) || call.Ellipsis.IsValid() {
		return false
	}
	if b, ok := e.objectOf(call.Fun).(*types.Builtin); ok {
		switch b.Name() {
		case "len", "cap", "append", "delete":
			return !slices.ContainsFunc(call.Args, func(x ast.Expr) bool { return !e.copiesFast(x) })
		}
	}
	return !slices.ContainsFunc(call.Args, func(x ast.Expr) bool { return !e.isScalar(x) })
}

// isScalar tells a number, a truth value or a pointer: what an operator is done
// with at once.
func (e *emitter) isScalar(x ast.Expr) bool {
	tv := e.info.Types[x]
	if tv.Value != nil || tv.IsNil() {
		return true
	}
	if tv.Type == nil {
		return false
	}
	switch t := tv.Type.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString == 0
	case *types.Pointer:
		return true
	}
	return false
}

// copiesFast tells a value that takes a word or a few.
func (e *emitter) copiesFast(x ast.Expr) bool {
	t := e.info.TypeOf(x)
	if t == nil {
		return false
	}
	if _, ok := t.(*types.TypeParam); ok {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Array, *types.Struct, *types.Tuple:
		return false
	}
	return true
}

// cut makes the edits for a strip whose poll is given.
func (e *emitter) cut(s *strip, poll string) {
	strips := func(bound string) string {
		i := s.index
		return fmt.Sprintf("%s nbEnd := %s + %d; if uint64(%s)-uint64(%s) < %d { nbEnd = %s }; for ; %s < nbEnd; %s++ {",
			poll, i, stripTurns, bound, i, stripTurns, bound, i, i)
	}
	bound := func() string { return e.render(e.offset(s.bound.Pos()), e.offset(s.bound.End())) }
	at := e.offset(s.body.Lbrace + 1)
	if s.ranges == nil {
		e.replace(s.post.Pos(), s.post.End(), "")
		e.edits = append(e.edits, edit{from: at, to: at, write: func() string { return strips(bound()) }})
		e.insert(s.body.Rbrace, "}")
		return
	}
	e.edits = append(e.edits, edit{from: e.offset(s.ranges.Pos()), to: at, write: func() string {
		return fmt.Sprintf("{ nbN := %s; for %s := nbN - nbN; %s < nbN; { %s", bound(), s.index, s.index, strips("nbN"))
	}})
	e.insert(s.body.Rbrace, "}")
	e.insertAfter(s.body.End(), "}")
}
