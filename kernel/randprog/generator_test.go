package randprog_test

import (
	"fmt"
	"reflect"
	"testing"

	"locuslab/kernel/randprog/program"
)

// TestPrograms holds the generator to its own promises: the programs are Go, mean the
// same as cells and as a reference, and are those of their seeds.
func TestPrograms(t *testing.T) {
	j := newJudge(t.TempDir())
	for seed := range uint64(*generated) {
		p := ofSeed(seed)
		if seed%20 == 0 && !reflect.DeepEqual(p, ofSeed(seed)) {
			t.Errorf("%s is not the same program each time", p.Name)
		}
		source, err := program.Reference(p, "p")
		if err == nil {
			err = j.check(source)
		}
		if err != nil {
			t.Errorf("%s: plain Go refuses its reference: %v", p.Name, err)
		}
		if hidden := program.Captured(p); hidden != "" {
			t.Errorf("%s: %s", p.Name, hidden)
		}
	}
}

// TestReferenceOrder says what Go's order of initialisation makes of a cell's
// variables.
func TestReferenceOrder(t *testing.T) {
	one := func(kind program.Kind, text string, names ...string) program.Piece {
		p := program.Piece{Kind: kind, Text: text}
		for _, n := range names {
			p.Declares = append(p.Declares, program.Decl{Name: n, Type: "int"})
		}
		return p
	}
	p := program.Program{Name: "order", Cells: []program.Cell{
		{Pieces: []program.Piece{one(program.Define, "ʟn := 3", "n")}},
		{Pieces: []program.Piece{
			one(program.Var, "var ʟa = ʟf()", "a"),
			one(program.Var, "var ʟb int = ʟn", "b"),
			{Kind: program.Func, Text: "func ʟf() int { return ʟb + 1 }", Declares: []program.Decl{{Name: "f"}}},
			one(program.Statement, "fmt.Println(ʟa, ʟb)"),
			one(program.Statement, "ʟb = 7"),
		}},
		{Pieces: []program.Piece{{Kind: program.Define, Text: `ʟn := fmt.Sprint(ʟn, "!")`, Declares: []program.Decl{{Name: "n", Type: "string"}}}}},
		{Pieces: []program.Piece{one(program.Statement, "fmt.Println(ʟn, ʟb, ʟf())\npanic(\"end\")")}},
	}}
	got, err := newJudge(t.TempDir()).outcomes(t.Context(), []program.Program{p})
	if err != nil {
		t.Fatal(err)
	}
	want := []program.Outcome{{}, {Out: "4 3\n"}, {}, {Out: "3! 7 8\n", Failed: "end"}}
	if fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("the reference says %q, want %q", got[0], want)
	}
}
