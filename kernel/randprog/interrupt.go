package randprog

import (
	"fmt"
	"strings"

	"locuslab/kernel/randprog/program"
)

// interrupted is a loop that goes on until it is interrupted. What it computes is then
// as it was at one of its turns; a later cell goes through them again to find out.
func (g *generator) interrupted() {
	g.unique++
	u := g.unique
	name := func(s string) string { return fmt.Sprintf("%s%s_%d", program.Mark, s, u) }
	a, b, c := name("turn"), name("sum"), name("odd")
	k := 1 + g.n(9)
	steps := []string{"%[1]s++", fmt.Sprintf("%%[2]s += %d", k), "%[3]s ^= %[1]s", "%[2]s -= %[3]s & 1"}
	g.rand.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
	write := func(a, b, c, after string) string {
		var t strings.Builder
		for _, s := range steps {
			fmt.Fprintf(&t, s+"\n"+after, a, b, c)
		}
		// An argument that a step does not use is told within the text.
		return stripExtra(t.String())
	}
	declares := []program.Decl{{Name: strings.TrimPrefix(a, program.Mark), Type: "int"}, {Name: strings.TrimPrefix(b, program.Mark), Type: "int"}, {Name: strings.TrimPrefix(c, program.Mark), Type: "int"}}
	g.add(program.Piece{Kind: program.Define, First: true, Text: fmt.Sprintf("%s, %s, %s := 0, 0, 0", a, b, c), Declares: declares})
	heads := []string{"for {", "for each := 0; ; each++ {", "for %[1]s < 1<<62 {", "for %[2]s = 0; ; {", "for each := range 1 << 62 {\n_ = each"}
	head := stripExtra(fmt.Sprintf(pick(g, heads), a, b))
	if strings.Contains(head, "each++") {
		head = strings.Replace(head, "{", "{\n_ = each", 1)
	}
	loop := "fmt.Println(\"looping\")\n" + head + "\n" + program.StopMark + write(a, b, c, "") + "}"
	g.add(program.Piece{Kind: program.Statement, Endless: true, Text: loop})
	check := fmt.Sprintf("func() {\nt, s, o := 0, 0, 0\nfor t <= %s {\nif t == %s && s == %s && o == %s {\nfmt.Println(\"a state of the loop\")\nreturn\n}\n%s}\nfmt.Println(\"no state of the loop:\", %s, %s, %s)\n}()",
		a, a, b, c, write("t", "s", "o", fmt.Sprintf("if t == %s && s == %s && o == %s {\nfmt.Println(\"a state of the loop\")\nreturn\n}\n", a, b, c)), a, b, c)
	g.add(program.Piece{Kind: program.Statement, First: true, Keep: true, Text: check})
}

// mistake is a cell that does not compile, and changes nothing.
func (g *generator) mistake() {
	before := g.assignment()
	g.add(program.Piece{Kind: program.Wrong, Text: before + "nowhereDeclared()"})
}

// stripExtra removes what fmt says of arguments that a format does not use.
func stripExtra(s string) string {
	for {
		i := strings.Index(s, "%!(EXTRA")
		if i < 0 {
			return s
		}
		depth, j := 0, i
		for ; j < len(s); j++ {
			if s[j] == '(' {
				depth++
			} else if s[j] == ')' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		s = s[:i] + s[j+1:]
	}
}
