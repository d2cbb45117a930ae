package randprog_test

import (
	"fmt"
	"reflect"
	"testing"

	"locuslab/kernel/randprog"
)

// TestPrograms holds the generator to its own promises: the programs are Go, mean the
// same as cells and as a reference, and are those of their seeds.
func TestPrograms(t *testing.T) {
	j := newJudge(t.TempDir())
	for seed := range uint64(*generated) {
		p := program(seed)
		if seed%20 == 0 && !reflect.DeepEqual(p, program(seed)) {
			t.Errorf("%s is not the same program each time", p.Name)
		}
		source, err := randprog.Reference(p, "p")
		if err == nil {
			err = j.check(source)
		}
		if err != nil {
			t.Errorf("%s: plain Go refuses its reference: %v", p.Name, err)
		}
		if hidden := randprog.Captured(p); hidden != "" {
			t.Errorf("%s: %s", p.Name, hidden)
		}
	}
}

// TestReferenceOrder says what Go's order of initialisation makes of a cell's
// variables.
func TestReferenceOrder(t *testing.T) {
	one := func(kind randprog.Kind, text string, names ...string) randprog.Piece {
		p := randprog.Piece{Kind: kind, Text: text}
		for _, n := range names {
			p.Declares = append(p.Declares, randprog.Decl{Name: n, Type: "int"})
		}
		return p
	}
	p := randprog.Program{Name: "order", Cells: []randprog.Cell{
		{Pieces: []randprog.Piece{one(randprog.Define, "ʟn := 3", "n")}},
		{Pieces: []randprog.Piece{
			one(randprog.Var, "var ʟa = ʟf()", "a"),
			one(randprog.Var, "var ʟb int = ʟn", "b"),
			{Kind: randprog.Func, Text: "func ʟf() int { return ʟb + 1 }", Declares: []randprog.Decl{{Name: "f"}}},
			one(randprog.Statement, "fmt.Println(ʟa, ʟb)"),
			one(randprog.Statement, "ʟb = 7"),
		}},
		{Pieces: []randprog.Piece{{Kind: randprog.Define, Text: `ʟn := fmt.Sprint(ʟn, "!")`, Declares: []randprog.Decl{{Name: "n", Type: "string"}}}}},
		{Pieces: []randprog.Piece{one(randprog.Statement, "fmt.Println(ʟn, ʟb, ʟf())\npanic(\"end\")")}},
	}}
	got, err := newJudge(t.TempDir()).outcomes(t.Context(), []randprog.Program{p})
	if err != nil {
		t.Fatal(err)
	}
	want := []randprog.Outcome{{}, {Out: "4 3\n"}, {}, {Out: "3! 7 8\n", Failed: "end"}}
	if fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("the reference says %q, want %q", got[0], want)
	}
}
