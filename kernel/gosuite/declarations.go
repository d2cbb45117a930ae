package gosuite

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Declarations in an order in which each can be a cell: what a declaration depends
// on stands in an earlier cell, and variables get their values in Go's order.

// A piece is a declaration, or several that cannot be told apart.
type piece struct {
	segments []segment // in the order of the program
	needs    []*piece
	methods  []*piece // of a type, where methods are apart

	method bool // a method apart from its type
	main   bool

	index, low int // of Tarjan's algorithm
	onStack    bool
}

// A segment is a part of the program's text.
type segment struct {
	from   token.Pos
	to     token.Pos
	before string // "type ", where the text is one of several in parentheses
}

// A part is what becomes a cell.
type part struct {
	text   string
	method bool // begins with a method
	main   bool // has func main
}

// A graph is the declarations of a program with what they depend on.
type graph struct {
	*source
	imports []segment
	pieces  []*piece
	of      map[types.Object]*piece // the pieces of what is declared at the top
	at      map[token.Pos]*piece    // the same by the position of the name, blank ones too
}

// ordered lists the cells of all declarations; where apart is set, methods are
// cells of their own.
func (s *source) ordered(apart bool) []part {
	g := &graph{source: s, of: map[types.Object]*piece{}, at: map[token.Pos]*piece{}}
	g.collect(apart)
	g.connect(apart)
	var parts []part
	for _, i := range g.imports {
		parts = append(parts, part{text: g.render(i)})
	}
	for _, together := range components(g.pieces) {
		var all []segment
		p := part{method: together[0].method}
		for _, piece := range together {
			all = append(all, piece.segments...)
			p.method = p.method && piece.method
			p.main = p.main || piece.main
		}
		slices.SortFunc(all, func(a, b segment) int { return cmp.Compare(a.from, b.from) })
		var texts []string
		for _, segment := range all {
			texts = append(texts, g.render(segment))
		}
		p.text = strings.Join(texts, "\n\n")
		parts = append(parts, p)
	}
	return parts
}

func (g *graph) render(s segment) string { return s.before + g.text(s.from, s.to) }

// collect makes the pieces.
func (g *graph) collect(apart bool) {
	from := map[ast.Decl]token.Pos{}
	before := g.file.Name.End()
	for _, d := range g.file.Decls {
		from[d] = g.directives(before, d.Pos())
		before = d.End()
		if gen, ok := d.(*ast.GenDecl); ok {
			g.collectGen(gen, from[d])
		}
	}
	var methods []*ast.FuncDecl // they may stand before their types
	for _, d := range g.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		p := &piece{main: fn == g.main, method: fn.Recv != nil}
		if fn.Recv != nil {
			methods = append(methods, fn)
			if t := g.receiver(fn); t != nil && !apart {
				p = t
			}
		}
		g.add(p, segment{from: from[d], to: d.End()}, fn.Name)
	}
	slices.SortFunc(g.pieces, func(a, b *piece) int { return cmp.Compare(a.segments[0].from, b.segments[0].from) })
	if !apart {
		return
	}
	for _, m := range methods {
		if t := g.receiver(m); t != nil {
			p := g.at[m.Name.Pos()]
			t.methods = append(t.methods, p)
			p.needs = append(p.needs, t)
		}
	}
}

func (g *graph) collectGen(d *ast.GenDecl, from token.Pos) {
	switch d.Tok {
	case token.IMPORT:
		g.imports = append(g.imports, segment{from: from, to: d.End()})
	case token.CONST: // iota counts in all of them
		p := &piece{}
		var names []*ast.Ident
		for _, spec := range d.Specs {
			names = append(names, spec.(*ast.ValueSpec).Names...)
		}
		g.add(p, segment{from: from, to: d.End()}, names...)
	default:
		for _, spec := range d.Specs {
			at := segment{from: spec.Pos(), to: spec.End(), before: d.Tok.String() + " "}
			if !d.Lparen.IsValid() {
				at = segment{from: from, to: d.End()}
			}
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				g.add(&piece{}, at, spec.Name)
			case *ast.ValueSpec:
				g.add(&piece{}, at, spec.Names...)
			}
		}
	}
}

// add takes up a segment of a piece and the names that it declares.
func (g *graph) add(p *piece, s segment, names ...*ast.Ident) {
	if p.segments == nil {
		g.pieces = append(g.pieces, p)
	}
	p.segments = append(p.segments, s)
	for _, name := range names {
		g.at[name.Pos()] = p
		if obj := g.info.Defs[name]; obj != nil {
			g.of[obj] = p
		}
	}
}

// directives is where the text of a declaration begins: at the directives and the
// comment above it.
func (g *graph) directives(after, pos token.Pos) token.Pos {
	from := pos
	for _, group := range slices.Backward(g.file.Comments) {
		if group.End() > pos || group.Pos() < after {
			continue
		}
		adjacent := g.fset.Position(group.End()).Line == g.fset.Position(from).Line-1
		directive := slices.ContainsFunc(group.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:") })
		if adjacent || directive {
			from = group.Pos()
		}
	}
	return from
}

// receiver is the piece of the type that a method belongs to.
func (g *graph) receiver(m *ast.FuncDecl) *piece {
	fn, ok := g.info.Defs[m.Name].(*types.Func)
	if !ok {
		return nil
	}
	t := types.Unalias(fn.Signature().Recv().Type())
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return g.at[named.Origin().Obj().Pos()]
	}
	return nil
}

// connect finds what the pieces depend on.
func (g *graph) connect(apart bool) {
	for id, obj := range g.info.Uses {
		user := g.around(id.Pos())
		if user == nil {
			continue
		}
		if fn, ok := obj.(*types.Func); ok {
			obj = fn.Origin()
		}
		used := g.of[obj]
		if used == nil {
			continue
		}
		user.needs = append(user.needs, used)
		// A method's own receiver is no use of the other methods.
		if apart && len(used.methods) > 0 && user != used && !g.inReceiver(id) {
			user.needs = append(user.needs, used.methods...)
		}
	}
	if apart {
		g.connectReceivers()
	}
	// One variable after the other, then each init, then main.
	var last *piece
	chain := func(p *piece) {
		if last != nil && p != last {
			p.needs = append(p.needs, last)
		}
		last = p
	}
	for _, initializer := range g.info.InitOrder {
		chain(g.at[initializer.Lhs[0].Pos()])
	}
	for _, d := range g.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			chain(g.at[fn.Name.Pos()])
		}
	}
	main := g.at[g.main.Name.Pos()]
	main.needs = append(main.needs, g.pieces...)
	order := map[*piece]int{}
	for i, p := range g.pieces {
		order[p] = i
	}
	for _, p := range g.pieces { // the order of a map is none
		slices.SortFunc(p.needs, func(a, b *piece) int { return order[a] - order[b] })
	}
}

// connectReceivers has a method depend on all methods of its type where it uses its
// receiver as a whole: as a value of an interface it needs them all.
func (g *graph) connectReceivers() {
	receivers := map[types.Object]*piece{}
	for _, d := range g.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && len(fn.Recv.List[0].Names) == 1 {
			receivers[g.info.Defs[fn.Recv.List[0].Names[0]]] = g.at[fn.Name.Pos()]
		}
	}
	selected := map[*ast.Ident]bool{}
	ast.Inspect(g.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				selected[id] = true
			}
		case *ast.Ident:
			m := receivers[g.info.Uses[n]]
			if m == nil || selected[n] {
				break
			}
			for _, t := range m.needs {
				if slices.Contains(t.methods, m) {
					m.needs = append(m.needs, t.methods...)
				}
			}
		}
		return true
	})
}

// around is the piece that a position lies in.
func (g *graph) around(pos token.Pos) *piece {
	for _, p := range g.pieces {
		for _, s := range p.segments {
			if s.from <= pos && pos < s.to {
				return p
			}
		}
	}
	return nil
}

// inReceiver reports whether an identifier stands in the receiver of a method.
func (g *graph) inReceiver(id *ast.Ident) bool {
	return slices.ContainsFunc(g.file.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && fn.Recv != nil && fn.Recv.Pos() <= id.Pos() && id.Pos() < fn.Recv.End()
	})
}
