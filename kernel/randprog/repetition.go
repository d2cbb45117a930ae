package randprog

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"locuslab/kernel/randprog/program"
)

// A kernel that knows a cell again may take one cell for another. These sessions have
// cells that differ in one token, each several times.

// hole is where the token goes in a pattern.
const hole = "§"

// A pattern is a cell with a hole, and what may stand there.
type pattern struct {
	text   string
	tokens []string
}

var patterns = []pattern{
	{"fmt.Println(§)", words("1 2 3 4 5 6 7 8 9 10 11 12 20 100 101 200 0x10 0o17 0b11 1_000 1.5 2.5 1e3 1i 2i 'a' 'b' true false nil")},
	{"fmt.Println(§)", []string{`"a"`, `"b"`, `""`, `"_1"`, `"_9"`, `"(9)"`, `"[9]"`, "`_9`", `"_" + "1"`, `"1" + "_"`, `"\t"`, `" "`, `"// 1"`, `"// 2"`}},
	{"fmt.Println(§, \"of\", x)", words("x y xs[0] xs[1] xs[2] len(xs) -x ^x +x !b b &x==&x x_1 x_2 nb1 nb2")},
	{"fmt.Println(x § y)", words("+ - * / % & | ^ &^ << >> == != < <= > >=")},
	{"fmt.Println(b § !b)", words("&& || == !=")},
	{"z = 100; z § 3; fmt.Println(z)", words("= += -= *= /= %= &= |= ^= &^= <<= >>=")},
	{"z = 7; z§; fmt.Println(z)", words("++ --")},
	{"fmt.Println(§)", []string{`strings.ToUpper("aB")`, `strings.ToLower("aB")`, `strings.ToUpper("aC")`, `strings.Repeat("aB", 2)`, `strings.Repeat("aB", 3)`}},
	{"fmt.Printf(\"%T %v\\n\", §(5), y)", words("int int8 int16 int32 int64 uint uint8 float32 float64 complex128 uintptr")},
	{"fmt.Println(1) // §", words("1 2 a b _9")},
	{"fmt.Println(2) /* § */", words("1 2 _9 [9]")},
	{"L§:\nfor i := range 3 {\n\tif i == 1 {\n\t\tcontinue L§\n\t}\n\tfmt.Print(i, \" \")\n}\nfmt.Println()", words("1 2 9 _9")},
	{"for i := 0; i < §; i++ {\n\tfmt.Print(i, \" \")\n}\nfmt.Println()", words("1 2 3 4 5 6 7 8 9 10 11 12 x y")},
	{"for i := range § {\n\tfmt.Print(i, \" \")\n}\nfmt.Println()", words(`3 4 xs "ab" "abc" []int{1} [2]int{}`)},
	{"if § {\n\tfmt.Println(\"so\")\n} else {\n\tfmt.Println(\"not so\")\n}", words("b !b x==y x!=y x<y x>y true false")},
	{"switch x {\ncase §:\n\tfmt.Println(\"this\")\ndefault:\n\tfmt.Println(\"other\")\n}", words("1 2 3 4 5 6 7 8 9")},
	{"func() {\n\tdefer func() { fmt.Println(§) }()\n\tpanic(\"gone\")\n}()", words("recover() recover()!=nil 1 2")},
	{"fmt.Println(struct{ § int }{1})", words("A B A1 A2 A_9")},
	{"fmt.Printf(\"%+v\\n\", struct{ § int }{1})", words("A B A1 A2 A_9")},
	{"fmt.Println(func(§ int) int { return x*10 + y }(4))", words("x y a b _")},
	{"{\n\t§ := 70\n\t_ = §\n\tfmt.Println(x, y)\n}", words("x y a b")},
}

func words(s string) []string { return strings.Fields(s) }

// Repetition is a session of cells that differ in one token each, all of them three
// times, in an order of chance.
func Repetition(seed uint64) program.Program {
	r := rand.New(rand.NewPCG(seed, 17))
	var groups [][]program.Cell // cells that follow each other
	for _, p := range patterns {
		for _, token := range p.tokens {
			text := strings.ReplaceAll(p.text, hole, token)
			groups = append(groups, []program.Cell{{Pieces: []program.Piece{{Kind: program.Statement, Text: marked(text)}}}})
		}
	}
	groups = append(groups, declarations()...)
	groups = append(groups, importing()...)
	program := program.Program{Name: fmt.Sprintf("repetition-%d", seed), Cells: []program.Cell{{Pieces: []program.Piece{
		{Kind: program.Define, Text: "ʟx, ʟy, ʟz := 6, 3, 0", Declares: decls("int", "x", "y", "z")},
		{Kind: program.Define, Text: "ʟxs, ʟb := []int{4, 5, 6}, true", Declares: append(decls("[]int", "xs"), decls("bool", "b")...)},
		{Kind: program.Define, Text: "ʟx_1, ʟx_2, ʟnb1, ʟnb2 := 11, 12, 21, 22", Declares: decls("int", "x_1", "x_2", "nb1", "nb2")},
	}}}}
	program.Cells = append(program.Cells, counted()...)
	var order []int
	for i := range groups {
		order = append(order, i, i, i)
	}
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, i := range order {
		program.Cells = append(program.Cells, groups[i]...)
	}
	return program
}

// counted are cells in which the number is about that of the cell, so that a kernel
// that numbers what it makes of cells has the same one.
func counted() []program.Cell {
	var cells []program.Cell
	forms := []string{"fmt.Println(§)", "fmt.Println(\"_§\")", "fmt.Println([300]int{§: 7}[§])", "fmt.Println(struct{ F_§ int }{§})", "fmt.Println(\"[§]\") // _§"}
	for off := -3; off <= 3; off++ {
		for _, form := range forms {
			for range 3 {
				number := len(cells) + 2 + off
				cells = append(cells, program.Cell{Pieces: []program.Piece{{Kind: program.Statement, Text: strings.ReplaceAll(form, hole, fmt.Sprint(max(0, number)))}}})
			}
		}
	}
	return cells
}

// marked puts the mark before the names that the first cell declares, but where a
// block has its own.
func marked(text string) string {
	if strings.Contains(text, "func(x int)") || strings.Contains(text, "func(y int)") || strings.Contains(text, "\tx := 70") || strings.Contains(text, "\ty := 70") {
		local := "x"
		if strings.Contains(text, "func(y int)") || strings.Contains(text, "\ty := 70") {
			local = "y"
		}
		return markNames(text, func(name string) bool { return name != local })
	}
	return markNames(text, func(string) bool { return true })
}

func markNames(text string, fit func(string) bool) string {
	for _, name := range []string{"x_1", "x_2", "nb1", "nb2", "xs", "x", "y", "z", "b"} {
		if fit(name) {
			text = replaceWord(text, name, program.Mark+name)
		}
	}
	return text
}

// replaceWord replaces an identifier, outside of strings and comments.
func replaceWord(text, name, with string) string {
	var b strings.Builder
	from := 0
	for _, p := range program.Identifiers(text) {
		if p.Name == name {
			b.WriteString(text[from:p.Offset] + with)
			from = p.Offset + len(name)
		}
	}
	return b.String() + text[from:]
}

// declarations are cells that declare one thing in many forms.
func declarations() [][]program.Cell {
	var groups [][]program.Cell
	add := func(pieces ...program.Piece) { groups = append(groups, []program.Cell{{Pieces: pieces}}) }
	show := func(text string) program.Piece { return program.Piece{Kind: program.Statement, Text: text} }
	for _, token := range words("1 2 3 7 8 9 10") {
		add(program.Piece{Kind: program.Func, Text: "func ʟf() int { return " + token + " }", Declares: decls("", "f")}, show("fmt.Println(ʟf())"))
		add(program.Piece{Kind: program.Const, Text: "const ʟc = " + token, Declares: decls("", "c")}, show("fmt.Println(ʟc)"))
		add(program.Piece{Kind: program.Type, Text: "type ʟA [" + token + "]bool", Declares: decls("", "A")}, show("fmt.Println(len(ʟA{}))"))
		add(program.Piece{Kind: program.Type, Text: "type ʟT struct{ F" + token + " int }", Declares: decls("", "T")}, show("fmt.Printf(\"%+v\\n\", ʟT{})"))
		add(program.Piece{Kind: program.Define, Text: "ʟv := " + token, Declares: decls("int", "v")}, show("fmt.Println(ʟv)"))
		add(program.Piece{Kind: program.Var, Text: "var ʟv = " + token, Declares: decls("int", "v")}, show("fmt.Println(ʟv)"))
	}
	for _, typ := range words("int string float64 []int uint8") {
		add(program.Piece{Kind: program.Var, Text: "var ʟw " + typ, Declares: decls(typ, "w")}, show("fmt.Printf(\"%T %v\\n\", ʟw, ʟw)"))
		add(program.Piece{Kind: program.Type, Text: "type ʟU " + typ, Declares: decls("", "U")}, show("fmt.Printf(\"%v\\n\", *new(ʟU))"))
	}
	return groups
}

// importing are cells that import, each followed by one that uses what it imported.
func importing() [][]program.Cell {
	var groups [][]program.Cell
	add := func(text, use string, d ...program.Decl) {
		groups = append(groups, []program.Cell{
			{Pieces: []program.Piece{{Kind: program.Import, Text: text, Declares: d}}},
			{Pieces: []program.Piece{{Kind: program.Statement, Text: use}}},
		})
	}
	named := func(name, path string) program.Decl { return program.Decl{Name: name, Path: path} }
	add(`import "fmt"`, `fmt.Println("fmt")`)
	add(`import "strings"`, `fmt.Println(strings.ToUpper("plain"))`)
	add(`import str "strings"`, `fmt.Println(ʟstr.ToUpper("a"))`, named("str", "strings"))
	add(`import str "strconv"`, `fmt.Println(ʟstr.Itoa(7))`, named("str", "strconv"))
	add(`import str "bytes"`, `fmt.Println(ʟstr.ToUpper([]byte("a")))`, named("str", "bytes"))
	add(`import s2 "strings"`, `fmt.Println(ʟs2.ToUpper("b"))`, named("s2", "strings"))
	add(`import "text/template"`, `fmt.Println(reflect.TypeOf(ʟtemplate.Template{}).PkgPath())`, named("template", "text/template"))
	add(`import "html/template"`, `fmt.Println(reflect.TypeOf(ʟtemplate.Template{}).PkgPath(), ʟtemplate.HTML("b"))`, named("template", "html/template"))
	add(`import "math/rand"`, `fmt.Println(ʟrand.New(ʟrand.NewSource(1)).Intn(100))`, named("rand", "math/rand"))
	add(`import "math/rand/v2"`, `fmt.Println(ʟrand.New(ʟrand.NewPCG(1, 2)).IntN(100))`, named("rand", "math/rand/v2"))
	add(`import "crypto/rand"`, `fmt.Println(len(ʟrand.Text()))`, named("rand", "crypto/rand"))
	add(`import . "strings"`, `fmt.Println(ʟToUpper("dot"), ʟFields("a b"))`, named("ToUpper", "strings.ToUpper"), named("Fields", "strings.Fields"))
	add(`import . "strconv"`, `fmt.Println(ʟItoa(8), ʟQuote("q"))`, named("Itoa", "strconv.Itoa"), named("Quote", "strconv.Quote"))
	add(`import _ "embed"`, `fmt.Println("blank")`)
	add(`import _ "image/png"`, `fmt.Println("blank too")`)
	return groups
}
