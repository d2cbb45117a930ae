package program

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// simpler are texts that a piece may be replaced by, those that take out most first.
func simpler(p Piece) []string {
	head := "package p\nfunc _() {\n"
	tail := "\n}\n"
	switch p.Kind {
	case Result:
		head += "_ = "
	case Statement, Define, Wrong:
	default:
		head, tail = "package p\n", ""
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+p.Text+tail, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	s := &simplifier{text: p.Text, offset: func(pos token.Pos) int { return fset.Position(pos).Offset - len(head) }}
	ast.Inspect(file, s.visit)
	slices.SortStableFunc(s.edits, func(a, b textEdit) int { return (b.to - b.from - len(b.text)) - (a.to - a.from - len(a.text)) })
	var list []string
	for _, e := range s.edits {
		if t := p.Text[:e.from] + e.text + p.Text[e.to:]; len(t) < len(p.Text) && strings.TrimSpace(t) != "" {
			list = append(list, t)
		}
	}
	return list
}

type textEdit struct {
	from, to int
	text     string
}

type simplifier struct {
	text   string
	offset func(token.Pos) int
	edits  []textEdit
}

func (s *simplifier) replace(n ast.Node, text string) {
	from, to := s.offset(n.Pos()), s.offset(n.End())
	if from >= 0 && to <= len(s.text) {
		s.edits = append(s.edits, textEdit{from, to, text})
	}
}

func (s *simplifier) cut(from, to token.Pos) {
	if f, t := s.offset(from), s.offset(to); f >= 0 && t <= len(s.text) && f < t {
		s.edits = append(s.edits, textEdit{f, t, ""})
	}
}

func (s *simplifier) source(n ast.Node) string {
	from, to := s.offset(n.Pos()), s.offset(n.End())
	if from < 0 || to > len(s.text) {
		return ""
	}
	return s.text[from:to]
}

func (s *simplifier) statements(list []ast.Stmt) {
	if len(list) > 3 {
		half := len(list) / 2
		s.cut(list[0].Pos(), list[half-1].End())
		s.cut(list[half].Pos(), list[len(list)-1].End())
	}
	for _, st := range list {
		s.replace(st, "")
	}
}

// body is what stands between the braces of a block.
func (s *simplifier) body(b *ast.BlockStmt) string {
	from, to := s.offset(b.Lbrace)+1, s.offset(b.Rbrace)
	if from < 0 || to > len(s.text) {
		return ""
	}
	return strings.TrimSpace(s.text[from:to])
}

func (s *simplifier) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		s.statements(n.List)
	case *ast.CaseClause:
		s.statements(n.Body)
	case *ast.CommClause:
		s.statements(n.Body)
	case *ast.IfStmt:
		s.replace(n, s.body(n.Body))
		if n.Else != nil {
			s.cut(n.Body.End(), n.Else.End())
		}
		if n.Init != nil {
			s.cut(n.Init.Pos(), n.Cond.Pos())
		}
		s.replace(n.Cond, "true")
	case *ast.ForStmt:
		s.replace(n, s.body(n.Body))
		if n.Init != nil {
			s.replace(n.Init, "")
		}
		if n.Post != nil {
			s.replace(n.Post, "")
		}
	case *ast.RangeStmt:
		s.replace(n, s.body(n.Body))
	case *ast.LabeledStmt:
		s.replace(n, s.source(n.Stmt))
	case *ast.SwitchStmt:
		for _, c := range n.Body.List {
			s.replace(c, "")
		}
	case *ast.ParenExpr:
		s.replace(n, s.source(n.X))
	case *ast.BinaryExpr:
		s.replace(n, s.source(n.X))
		s.replace(n, s.source(n.Y))
	case *ast.UnaryExpr:
		s.replace(n, s.source(n.X))
	case *ast.CallExpr:
		s.call(n)
	case *ast.CompositeLit:
		s.list(n.Elts)
	case *ast.IndexExpr:
		s.replace(n.Index, "0")
	case *ast.BasicLit:
		if n.Kind == token.INT && n.Value != "0" {
			s.replace(n, "0")
		}
		if n.Kind == token.STRING && n.Value != `""` {
			s.replace(n, `""`)
		}
	case *ast.GenDecl:
		if n.Lparen.IsValid() && len(n.Specs) > 1 {
			for _, spec := range n.Specs {
				s.replace(spec, "")
			}
		}
	case *ast.StructType:
		for _, f := range n.Fields.List {
			s.replace(f, "")
		}
	case *ast.AssignStmt:
		if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) && len(n.Lhs) > 1 {
			for i := range n.Lhs {
				s.replace(n, s.source(n.Lhs[i])+" = "+s.source(n.Rhs[i]))
			}
		}
	}
	if x, ok := n.(ast.Expr); ok {
		switch x.(type) {
		case *ast.BinaryExpr, *ast.CallExpr, *ast.ParenExpr:
			for _, simple := range []string{"0", "true", `""`} {
				s.replace(x, simple)
			}
		}
	}
	return true
}

func (s *simplifier) call(n *ast.CallExpr) {
	if len(n.Args) == 1 {
		s.replace(n, s.source(n.Args[0]))
	}
	if fn, ok := n.Fun.(*ast.FuncLit); ok && len(n.Args) == 0 {
		s.replace(n, s.body(fn.Body))
	}
	s.list(n.Args)
}

// list leaves one of several expressions out.
func (s *simplifier) list(list []ast.Expr) {
	for i, x := range list {
		switch {
		case i+1 < len(list):
			s.cut(x.Pos(), list[i+1].Pos())
		case i > 0:
			s.cut(list[i-1].End(), x.End())
		default:
			s.replace(x, "")
		}
	}
}
