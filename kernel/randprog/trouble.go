package randprog

import (
	"fmt"

	"locuslab/kernel/randprog/program"
)

// trouble panics, in a loop at one of its turns perhaps.
func (g *generator) trouble() string {
	condition := g.condition()
	if g.turns == 1 || g.n(5) == 0 {
		condition = ""
	}
	s := g.troubleItself()
	if condition != "" {
		return fmt.Sprintf("if %s {\n%s}\n", condition, s)
	}
	return s
}

// The notebook's variables that make trouble; they are declared when a piece first
// wants one.
var troublemakers = map[string]string{
	"noMap": "map[string]int(nil)", "unhashable": "any([]int{1})", "byAny": "map[any]int{}", "naught": "0", "noPointer": "(*int)(nil)",
	"few": "[]int{1, 2}", "word": "any(\"word\")", "closed": "func() chan int { c := make(chan int); close(c); return c }()",
	"pair": "struct{ v any }{[]int{1}}", "minus": "-1",
}

var troublemakerTypes = map[string]string{
	"noMap": "map[string]int", "unhashable": "any", "byAny": "map[any]int", "naught": "int", "noPointer": "*int",
	"few": "[]int", "word": "any", "closed": "chan int", "pair": "struct{ v any }", "minus": "int",
}

func (g *generator) want(name string) string {
	if g.uses == nil {
		g.uses = map[string]bool{}
	}
	g.uses[name] = true
	return program.Mark + name
}

func (g *generator) troubleItself() string {
	switch g.n(19) {
	case 0:
		return fmt.Sprintf("%s[%q]++\n", g.want("noMap"), "x")
	case 1:
		return fmt.Sprintf("delete(%s, %s)\n", g.want("byAny"), g.want("unhashable"))
	case 2:
		return fmt.Sprintf("%s[%s] = 1\n", g.want("byAny"), g.want("unhashable"))
	case 3:
		return fmt.Sprintf("_ = %s[%s]\n", g.want("byAny"), g.want("unhashable"))
	case 4:
		return fmt.Sprintf("_ = %s == %s\n", g.want("unhashable"), g.want("unhashable"))
	case 5:
		return fmt.Sprintf("_ = %s == %s\n", g.want("pair"), g.want("pair"))
	case 6:
		return fmt.Sprintf("_ = %s / %s\n", g.dynamic(intType, 1), g.want("naught"))
	case 7:
		if list := g.assignable(intType); len(list) > 0 {
			v := pick(g, list)
			return fmt.Sprintf("%s %s= %s\n", v.name, pick(g, []string{"/", "%"}), g.want("naught"))
		}
	case 8:
		return fmt.Sprintf("*%s = 3\n", g.want("noPointer"))
	case 9:
		return fmt.Sprintf("%s[uint8(%s)|2]++\n", g.want("few"), g.dynamic(g.integerType(), 1))
	case 10:
		return fmt.Sprintf("_ = %s.(int)\n", g.want("word"))
	case 11:
		return fmt.Sprintf("%s <- 1\n", g.want("closed"))
	case 12:
		return fmt.Sprintf("close(%s)\n", g.want("closed"))
	case 13:
		return fmt.Sprintf("_ = %s << %s\n", g.dynamic(intType, 1), g.want("minus"))
	case 14:
		return fmt.Sprintf("_ = %s[3:]\n", g.want("few"))
	case 15:
		return fmt.Sprintf("_ = [4]int(%s)\n", g.want("few"))
	case 16:
		return fmt.Sprintf("_ = make([]int, %s)\n", g.want("minus"))
	case 17:
		return fmt.Sprintf("panic(fmt.Errorf(\"trouble %%d\", %s))\n", g.dynamic(intType, 1))
	}
	return fmt.Sprintf("panic(fmt.Sprint(\"trouble \", %s))\n", g.dynamic(intType, 1))
}
