package scope_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"locuslab/kernel/session/scope"
)

// checked has the type checker read a package.
func checked(t *testing.T, source string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := (&types.Config{}).Check("notebook", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Later cells know a constant by its text alone, which must have every bit of it.
func TestConstantTextKeepsValueAndKind(t *testing.T) {
	p := checked(t, `package notebook

type Celsius float64
type Level int8

const (
	small      = 1
	negative   = -7
	large      = 1 << 200
	third      = 1.0 / 3
	whole      = 3.0
	tiny       = 1e-400
	huge       = 1e500
	exact      = 0.1
	letter     = 'x'
	lastLetter = '\U0010FFFF'
	before     = 'a' - 'b'
	wave       = 2i
	point      = 1.5 + 2.25i
	real       = 3i * 1i
	text       = "a\x00\"\\\xff…\n"
	empty      = ""
	yes        = 1 < 2
	freezing Celsius = 0
	absolute Celsius = -273.15
	single   float32 = 0.1
	low      Level   = -128
	big      uint64  = 1<<64 - 1
	complete complex64 = 1 + 0.1i
	byteOf   byte    = 'a'
)

const (
	first = iota * 1.5
	second
	third2
)`)
	for _, name := range p.Scope().Names() {
		c, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok {
			continue
		}
		text := scope.ConstantText(c)
		typ := ""
		if basic, ok := c.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ = types.TypeString(c.Type(), types.RelativeTo(p)) + "("
		}
		source := text
		if typ != "" {
			source = typ + text + ")"
		}
		got, err := types.Eval(token.NewFileSet(), p, token.NoPos, source)
		if err != nil {
			t.Errorf("%s is written %s: %v", name, source, err)
			continue
		}
		if !constant.Compare(got.Value, token.EQL, c.Val()) || !types.Identical(got.Type, c.Type()) {
			t.Errorf("%s, %s of %s, is written %s, which is %s of %s", name, c.Val().ExactString(), c.Type(), source, got.Value.ExactString(), got.Type)
		}
	}
}

func TestOverflows(t *testing.T) {
	for source, want := range map[string]bool{
		"1 << 63": true, "1<<63 - 1": false, "-1 << 63": false, "1e1000": true, "1e308": false, "'x' << 40": true, "'x'": false,
		"1e1000i": true, `"text"`: false, "true": false, "1e-1000": false,
	} {
		v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, source)
		if err != nil {
			t.Fatal(err)
		}
		if got := scope.Overflows(v.Value, types.Default(v.Type)); got != want {
			t.Errorf("%s is too large for %s: %v", source, types.Default(v.Type), got)
		}
	}
}
