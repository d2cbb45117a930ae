package randprog

import (
	"fmt"
	"strings"

	"locuslab/kernel/randprog/program"
)

// Pieces of a given shape, with names and numbers of chance: what is right only as a
// whole, such as goroutines that somebody waits for.

// own makes a name of the notebook's that nothing else uses.
func (g *generator) own(s string) string {
	g.unique++
	return fmt.Sprintf("%s%s_%d", program.Mark, s, g.unique)
}

func decls(typ string, names ...string) []program.Decl {
	var list []program.Decl
	for _, n := range names {
		list = append(list, program.Decl{Name: strings.TrimPrefix(n, program.Mark), Type: typ})
	}
	return list
}

func (g *generator) result() *value {
	if list := g.assignable(intType); len(list) > 0 {
		return pick(g, list)
	}
	return nil
}

func (g *generator) template() {
	to := g.result()
	if to == nil {
		g.declareVar(intType)
		return
	}
	t := to.name
	forms := []func(){
		func() { // a producer in one cell, who takes what it makes in another
			c := g.own("ch")
			g.add(program.Piece{Kind: program.Define, Keep: true, Text: fmt.Sprintf("%s := make(chan int, %d)", c, g.n(3)), Declares: decls("chan int", c)})
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("go func() {\nfor each := range %d {\n%s <- each * %d\n}\nclose(%s)\n}()", 1+g.n(6), c, g.n(9), c)})
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("for %s = range %s {\nfmt.Print(%s, \" \")\n}\nfmt.Println()", t, c, t)})
		},
		func() { // workers that add up
			w := g.own("wg")
			g.add(program.Piece{Kind: program.Var, Keep: true, First: true, Text: fmt.Sprintf("var %s sync.WaitGroup", w), Declares: decls("sync.WaitGroup", w)})
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("{\nvar sum atomic.Int64\nfor each := range %d {\n%s.Go(func() { sum.Add(int64(each * %d)) })\n}\n%s.Wait()\n%s = int(sum.Load())\n}", 2+g.n(5), w, g.n(9), w, t)})
		},
		func() { // the arguments of go are evaluated at once
			f, c := g.own("send"), g.own("c")
			g.add(program.Piece{Kind: program.Func, Text: fmt.Sprintf("func %s(n int, b bool, to chan<- int) {\nif b {\nn = -n\n}\nto <- n\n}", f), Declares: decls("", f)})
			g.add(program.Piece{Kind: program.Define, Keep: true, Text: fmt.Sprintf("%s := make(chan int)", c), Declares: decls("chan int", c)})
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("for each := range %d {\ngo %s(%s&63+each, %s == each, %s)\n%s++\n%s += <-%s\n}", 1+g.n(4), f, t, t, c, t, t, c)})
		},
		func() { // a generic function and type
			m, s := g.own("apply"), g.own("stack")
			g.add(program.Piece{Kind: program.Func, Text: fmt.Sprintf("func %s[T, U any](list []T, f func(T) U) []U {\nvar out []U\nfor _, x := range list {\nout = append(out, f(x))\n}\nreturn out\n}", m), Declares: decls("", m)})
			g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s[T any] struct{ items []T }", s), Declares: decls("", s)})
			g.add(program.Piece{Kind: program.Method, Text: fmt.Sprintf("func (s *%s[T]) Push(x T) int { s.items = append(s.items, x); return len(s.items) }", s)})
			v := g.own("v")
			g.add(program.Piece{Kind: program.Define, Text: fmt.Sprintf("%s := %s[string]{}", v, s), Declares: decls(s+"[string]", v)})
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("for _, each := range %s([]int{%s}, func(each int) string { return strconv.Itoa(each * %d) }) {\n%s = %s.Push(each)\n}\nfmt.Println(%s, %s.items)", m, g.elements(intType, 2), g.n(9), t, v, t, v)})
		},
		func() { // an interface, its methods and a type switch over types of the notebook
			i, a, b := g.own("Shape"), g.own("Sq"), g.own("Re")
			g.add(program.Piece{Kind: program.Type, First: g.n(2) == 0, Text: fmt.Sprintf("type %s interface{ Area() int }", i), Declares: decls("", i)})
			g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s int", a), Declares: decls("", a)})
			g.add(program.Piece{Kind: program.Method, Text: fmt.Sprintf("func (s %s) Area() int { return int(s) * int(s) }", a)})
			g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s struct{ w, h int }", b), Declares: decls("", b)})
			g.add(program.Piece{Kind: program.Method, Text: fmt.Sprintf("func (s %s) Area() int { return s.w * s.h }", b)})
			l := g.own("shapes")
			g.add(program.Piece{Kind: program.Define, Text: fmt.Sprintf("%s := []%s{%s(%d), %s{%d, 2}, %s{h: %d}}", l, i, a, g.n(9), b, g.n(9), b, g.n(3)), Declares: decls("[]"+i, l)})
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("for _, each := range %s {\nswitch of := each.(type) {\ncase %s:\n%s += int(of)\ncase %s:\n%s -= of.w\n}\n%s += each.Area()\n}\nfmt.Println(%s[1] == %s[2], %s)", l, a, t, b, t, t, l, l, t)})
		},
		func() { // closures that hold on to each turn's variable
			l := g.own("fs")
			g.add(program.Piece{Kind: program.Var, Text: fmt.Sprintf("var %s []func() int", l), Declares: decls("[]func() int", l)})
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("for each := %d; each < %d; each++ {\n%s = append(%s, func() int { each += %d; %s++; return each })\n}", g.n(3), 3+g.n(3), l, l, g.n(5), t)})
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("for _, each := range %s {\nfmt.Print(each(), each(), \" \")\n}\nfmt.Println(%s)", l, t)})
		},
		func() { // a loop that panics half way and is told by its own deferred function
			g.add(program.Piece{Kind: program.Statement, First: true, Text: fmt.Sprintf("defer func() {\nfmt.Println(recover() != nil, %s)\n}()\nfor %s = 0; ; %s++ {\nif %s == %d {\npanic(%q)\n}\n}", t, t, t, t, 1+g.n(5), "half way"), Ends: true})
		},
		func() { // a producer and select
			c, q := g.own("c"), g.own("quit")
			g.add(program.Piece{Kind: program.Define, Keep: true, First: true, Text: fmt.Sprintf("%s, %s := make(chan int), make(chan struct{})", c, q), Declares: append(decls("chan int", c), decls("chan struct{}", q)...)})
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("go func() {\nfor each := range %d {\n%s <- each\n}\nclose(%s)\n}()", 2+g.n(4), c, q)})
			label := g.label()
			g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("%s:\nfor {\nselect {\ncase each := <-%s:\n%s += each\nif each&1 == 1 {\ncontinue %s\n}\ncase <-%s:\nbreak %s\n}\n}", label, c, t, label, q, label)})
		},
		func() { // sorting with a function that looks at the notebook
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("{\nlocal := []int{%s}\nsort.Slice(local, func(one, two int) bool { return local[one]^%d < local[two]^%d })\n%s += local[0] & 7\nfmt.Println(local)\n}", g.elements(intType, 4), g.n(9), g.n(9), t)})
		},
		func() { // a return at the top
			g.add(program.Piece{Kind: program.Statement, Text: fmt.Sprintf("if %s {\nfmt.Println(\"the rest is left out\")\nreturn\n}", g.condition()), Ends: true})
		},
	}
	if g.without["outerLoops"] {
		forms = append(forms[:6], forms[7:]...)
	}
	pick(g, forms)()
}

// linkedList makes a list and goes along it with a variable of the notebook.
func (g *generator) linkedList() {
	to := g.result()
	if to == nil {
		return
	}
	node, list, p := g.own("node"), g.own("list"), g.own("at")
	g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s struct {\nval int\nnext *%s\n}", node, node), Declares: decls("", node)})
	g.add(program.Piece{Kind: program.Var, Text: fmt.Sprintf("var %s, %s *%s", list, p, node), Declares: decls("*"+node, list, p)})
	g.add(program.Piece{Kind: program.Statement, Keep: true, Text: fmt.Sprintf("for %s = 0; %s < %d; %s++ {\n%s = &%s{%s * %d, %s}\n}", to.name, to.name, 2+g.n(4), to.name, list, node, to.name, g.n(5), list)})
	to.read = true
	body := g.block(1)
	to.read = false
	walk := fmt.Sprintf("for %s = %s; %s != nil; %s = %s.next {\n%s += %s.val\n%s}\n", p, list, p, p, p, to.name, p, body)
	switch g.n(3) {
	case 0:
		walk = fmt.Sprintf("for %s = %s; %s.next != nil; %s = %s.next {\n%s += %s.val\n%s}\n", p, list, p, p, p, to.name, p, body)
	case 1:
		walk = fmt.Sprintf("%s = %s\nfor %s != nil {\n%s += %s.val\n%s = %s.next\n%s}\n", p, list, p, to.name, p, p, p, body)
	}
	g.add(program.Piece{Kind: program.Statement, Keep: true, Text: walk + fmt.Sprintf("fmt.Println(%s == nil, %s)", p, to.name)})
}
