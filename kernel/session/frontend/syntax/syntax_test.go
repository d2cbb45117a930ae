package syntax_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"locuslab/kernel/session/frontend/syntax"
)

// statements parses the body of a function.
func statements(t *testing.T, body string) []ast.Stmt {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+body+"\n}", 0)
	if err != nil {
		t.Fatal(err)
	}
	return f.Decls[0].(*ast.FuncDecl).Body.List
}

func TestDefine(t *testing.T) {
	for statement, want := range map[string]string{
		"x := 1":                     "x",
		"x, y := 1, 2":               "x y",
		"_, err := f()":              "_ err",
		"a: b: x := 1; goto a":       "x",
		"x = 1":                      "",
		"var x = 1":                  "",
		"if x := 1; x > 0 {}":        "",
		"x++":                        "",
		"for i := range 3 { _ = i }": "",
	} {
		s := statements(t, statement)[0]
		var names []string
		if syntax.IsDefine(s) {
			for _, id := range syntax.DefinedNames(s) {
				names = append(names, id.Name)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s declares %q, want %q", statement, got, want)
		}
	}
}

func TestNamesOfTypesAndCalls(t *testing.T) {
	name := func(id *ast.Ident) string {
		if id == nil {
			return ""
		}
		return id.Name
	}
	for text, want := range map[string]string{
		"T": "T", "*T": "T", "**T": "T", "(T)": "T", "*(T)": "T", "T[int]": "T", "*T[int, string]": "T", "[]T": "", "func()": "", "p.T": "",
	} {
		e, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := name(syntax.BaseIdent(e)); got != want {
			t.Errorf("the base of %s is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"f()": "f", "p.f()": "f", "x.y.f()": "f", "f[int]()": "f", "p.f[int, string]()": "f", "(f)()": "f", "func() {}()": "", "fs[0]()": "fs", "f()()": "",
	} {
		e, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := name(syntax.CalledIdent(e.(*ast.CallExpr))); got != want {
			t.Errorf("%s calls %q, want %q", text, got, want)
		}
	}
	for receiver, want := range map[string]string{
		"": "", "(t T)": "T", "(*T)": "T", "(t *T[K, V])": "T", "(_ (T))": "T", "((*(T)))": "T",
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc "+receiver+" m() {}", 0)
		if err != nil {
			t.Fatalf("%s: %v", receiver, err)
		}
		if got := name(syntax.ReceiverIdent(f.Decls[0].(*ast.FuncDecl))); got != want {
			t.Errorf("the receiver %s is of %q, want %q", receiver, got, want)
		}
	}
}

func TestHasGoto(t *testing.T) {
	for body, want := range map[string]bool{
		"a: goto a": true, "if true { for { goto a } }; a:": true, "f := func() { a: goto a }; f()": true,
		"for { break }": false, "a: for { continue a }": false, `s := "goto"; _ = s`: false,
	} {
		if got := syntax.HasGoto(&ast.BlockStmt{List: statements(t, body)}); got != want {
			t.Errorf("%s has a goto: %v", body, got)
		}
	}
}
