package randprog

import (
	"fmt"
	"strings"

	"locuslab/kernel/randprog/program"
)

// piece writes one or more pieces.
func (g *generator) piece() {
	switch g.n(40) {
	case 0, 1, 2, 3:
		g.declareVar(g.anyTyp())
	case 4, 5:
		g.declareVars()
	case 6:
		if !g.without["declareGroup"] {
			g.declareGroup()
		}
	case 7, 8, 9:
		g.declareFunc()
	case 10, 11:
		g.declareStruct()
	case 12:
		g.declareConst()
	case 13:
		g.declareClosure()
	case 14:
		g.declareNamed()
	case 15, 16, 17:
		g.panicking()
	case 18:
		g.topDefer()
	case 19:
		g.gotoLoop()
	case 20:
		g.counting()
	case 21, 22:
		if !g.without["again"] {
			g.again()
		}
	case 23:
		if !g.without["outerLoops"] {
			g.linkedList()
		}
	case 24:
		if g.n(3) == 0 {
			g.mistake()
		}
		g.lastExpression()
	case 25:
		if g.n(2) == 0 && !g.endless {
			g.endless = true // one is enough: it takes long
			g.interrupted()
			return
		}
		g.template()
	case 26:
		g.methodValue()
	case 27:
		if !g.without["redeclareSelf"] {
			g.redeclareSelf()
		}
	case 28:
		g.addressOf()
	case 29, 30, 31, 32, 33, 34, 35:
		g.statementPiece(g.loopStatement)
	default:
		g.statementPiece(g.statement)
	}
}

// statementPiece makes a piece of a statement at the top of a cell. A loop and what
// comes before it may be apart.
func (g *generator) statementPiece(write func() string) {
	text := strings.TrimSpace(write())
	if head, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(head, program.Mark) && strings.Contains(head, " = ") && !strings.HasSuffix(head, "{") {
		g.add(program.Piece{Kind: program.Statement, Text: head})
		text = rest
	}
	g.add(program.Piece{Kind: program.Statement, Text: text})
}

// panicking is a loop in which something panics, at some turn.
func (g *generator) panicking() {
	g.uses = nil
	g.panics = true
	g.turns = 2
	s := ""
	for range 8 {
		g.uses = nil
		s = g.loopStatement()
		if g.uses != nil || strings.Contains(s, "trouble") {
			break
		}
	}
	g.turns = 1
	if g.uses == nil && !strings.Contains(s, "trouble") {
		s += g.trouble()
	}
	piece := program.Piece{Kind: program.Statement, Text: strings.TrimSpace(s), Ends: true}
	if g.n(3) == 0 {
		piece.Text = "defer func() {\nfmt.Println(\"recovered\", recover())\n}()\n" + piece.Text
		piece.First = true
	}
	g.add(piece)
}

// wanted declares the troublemakers that a text uses.
func (g *generator) wanted() {
	for _, name := range sortedKeys(g.uses) {
		if g.other[name] {
			continue
		}
		g.other[name] = true
		g.pieces = append(g.pieces, program.Piece{
			Kind: program.Define, Keep: true, Text: fmt.Sprintf("%s%s := %s", program.Mark, name, troublemakers[name]),
			Declares: []program.Decl{{Name: name, Type: troublemakerTypes[name]}},
		})
	}
	g.uses = nil
}

// topDefer defers at the top of a cell.
func (g *generator) topDefer() {
	g.inFunc++
	s := "defer func() {\n" + g.block(1+g.n(2)) + "}()"
	if g.n(3) == 0 {
		if v := g.values(func(v *value) bool { return v.typ.kind <= boolean }); len(v) > 0 {
			s = fmt.Sprintf("defer fmt.Println(\"deferred\", %s)", pick(g, v).name)
		}
	}
	g.add(program.Piece{Kind: program.Statement, Text: s})
}

// gotoLoop makes a loop of labels.
func (g *generator) gotoLoop() {
	c := g.counter()
	if c == nil {
		return
	}
	n := 2 + g.n(4)
	label, end := g.label(), g.label()
	c.read = true
	g.turns = n
	body := "{\n" + g.block(1+g.n(3)) + "}\n"
	c.read = false
	s := fmt.Sprintf("%[1]s = 0\n%[2]s:\n%[1]s++\n%[3]sif %[1]s < %[4]d {\ngoto %[2]s\n}", c.name, label, body, n)
	if g.n(2) == 0 {
		s = fmt.Sprintf("%[1]s = 0\n%[2]s:\nif %[1]s >= %[4]d {\ngoto %[5]s\n}\n%[1]s++\n%[3]sgoto %[2]s\n%[5]s:\n_ = %[1]s", c.name, label, body, n, end)
	}
	g.add(program.Piece{Kind: program.Statement, Text: s})
}

// again writes an earlier statement again, with another number in it perhaps.
func (g *generator) again() {
	var list []program.Piece
	for _, p := range g.pieces {
		if p.Kind == program.Statement && !p.Endless && !p.Keep && len(p.Declares) == 0 && g.stillMeans(p) && !strings.Contains(p.Text, ":\n") {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return
	}
	p := pick(g, list)
	for range 1 + g.n(3) {
		q := p
		if g.n(3) > 0 {
			q.Text = g.otherNumber(p.Text)
		}
		q.First = g.n(2) == 0
		g.add(q)
	}
}

// counting writes cells that differ in a number alone, which is that of the cell or
// near it.
func (g *generator) counting() {
	form := pick(g, []string{
		"fmt.Println(%s)", "fmt.Println(\"_%s\")", "fmt.Println([300]int{%[1]s: 7}[%[1]s])",
		"for range %s {\nfmt.Print(1)\n}\nfmt.Println()", "fmt.Println(struct{ F_%[1]s int }{%[1]s})", "fmt.Println(\"(%s)\")",
	})
	number := program.CountMark
	for range 3 {
		g.add(program.Piece{Kind: program.Statement, First: true, Text: fmt.Sprintf(form, number)})
	}
}

// stillMeans reports whether no name of a piece has since been redeclared.
func (g *generator) stillMeans(p program.Piece) bool {
	last := len(g.pieces) - 1
	for ; last >= 0 && g.pieces[last].Text != p.Text; last-- {
	}
	names := map[string]bool{}
	for _, n := range program.Names(p.Text) {
		names[n] = true
	}
	for _, later := range g.pieces[last+1:] {
		for _, d := range later.Declares {
			if names[d.Name] {
				return false
			}
		}
	}
	return true
}

// otherNumber changes what a text prints by one digit.
func (g *generator) otherNumber(s string) string {
	i := strings.Index(s, "fmt.Println(")
	if i < 0 {
		return s
	}
	return s[:i+len("fmt.Println(")] + fmt.Sprint(g.n(30)) + ", " + s[i+len("fmt.Println("):]
}

// lastExpression is what a cell shows.
func (g *generator) lastExpression() {
	t := pick(g, []*typ{intType, stringType, boolType, g.integerType()})
	x := g.expr(t, 3)
	if strings.ContainsAny(x[:1], "-!%") || t.kind == text && strings.Contains(x, "`") {
		return
	}
	g.add(program.Piece{Kind: program.Result, Text: x})
}
