package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// plain is a traceback as a reader sees it.
func plain(lines []string) string { return display.Plain(strings.Join(lines, "\n")) }

func source(id, count int, file, text string) *report.Source {
	return &report.Source{ID: id, Count: count, File: file, Cell: cell.Split(text)}
}

func TestFaultsAreShownInTheirLines(t *testing.T) {
	earlier := source(1, 4, "In[4]", "func f() {\n\tg()\n}")
	s := source(2, 7, "In[7]", "x := 1\n\ty := größe + z")
	got := s.Failure("CompileError", []report.Place{
		{Line: 2, Column: 17, Message: "undefined: z"},
		{Line: 2, Column: 2, Message: "undefined: g", Source: earlier},
	})
	const want = `In[7]:2:17: undefined: z
   2 | 	y := größe + z
     | 	             ^
In[4]:2:2: undefined: g
   2 | 	g()
     | 	^`
	if text := plain(got.Traceback); text != want || got.Name != "CompileError" || got.Value != "In[7]:2:17: undefined: z" {
		t.Errorf("%s: %s\n%s\nwant\n%s", got.Name, got.Value, text, want)
	}
	many := s.Failure("CompileError", slices.Repeat([]report.Place{{Line: 1, Column: 1, Message: "no"}}, 25))
	if last := many.Traceback[len(many.Traceback)-1]; last != "… and 15 more" {
		t.Errorf("of 25 faults the last line is %q", last)
	}
}

func TestLinesAreThoseThatWereTyped(t *testing.T) {
	s := source(1, 2, "In[2]", "%%time\n!echo one\nx := y")
	got := s.Failure("CompileError", []report.Place{{Line: 3, Column: 6, Message: "undefined: y"}})
	if !strings.HasPrefix(got.Value, "In[2]:3:6: ") || !strings.Contains(plain(got.Traceback), "3 | x := y") {
		t.Errorf("%s\n%s", got.Value, plain(got.Traceback))
	}
}

func TestStacksNameCells(t *testing.T) {
	units := report.NewSources("/goroot")
	first := source(1, 1, units.NewFile(1, 1), "func f(p *int) int {\n\treturn *p\n}")
	units.Add(first)
	second := source(2, 2, units.NewFile(2, 2), "f(nil)")
	units.Add(second)
	stack := []wire.Frame{
		{Func: "main.f", File: "In[1]", Line: 2},
		{Func: "sort.Slice", File: "$GOROOT/src/sort/slice.go", Line: 10},
		{Func: "main.In_2", File: "In[2]", Line: 1},
		{Func: "main." + scope.EntryName(2), File: "In[2]", Line: 1},
	}
	err := units.Failure(wire.Outcome{Panic: &wire.Panic{Value: "nil dereference", Frames: stack}})
	var failure *display.Failure
	if !errors.As(err, &failure) {
		t.Fatal(err)
	}
	text := plain(failure.Traceback)
	for _, want := range []string{"panic: nil dereference", "In[1]:2", "return *p", "In[2]:1", "f(nil)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, scope.Reserved) {
		t.Errorf("a name of the kernel's is shown:\n%s", text)
	}
	// Run again as In[9], the same code is known by the new number.
	units.Runs(first, 9, first.Cell)
	if f, ok := units.Frame(stack[0]); !ok || f.Count != 9 || f.Line != 2 || f.Function != "f" {
		t.Errorf("%+v", f)
	}
	if _, ok := units.Frame(stack[1]); ok {
		t.Error("a function of sort is taken for a cell's")
	}
	// A second unit of the same cell has a file name of its own.
	if file := units.NewFile(3, 1); file != "3/In[1]" || units.Source("/tmp/x/"+file) != nil {
		t.Errorf("%s, of %v", file, units.Source("/tmp/x/"+file))
	}
	copied := units.Clone()
	units.Clear()
	if units.Source("In[1]") != nil || copied.Source("In[1]") != first {
		t.Error("the clone is not its own")
	}
}

func TestOutcomesWithoutFault(t *testing.T) {
	units := report.NewSources("")
	if err := units.Failure(wire.Outcome{}); err != nil {
		t.Error(err)
	}
	err := units.Failure(wire.Outcome{Interrupted: true, Waiting: "chan receive"})
	if err == nil || !strings.Contains(err.Error(), "a value from a channel") {
		t.Errorf("%v", err)
	}
	err = units.Failure(wire.Outcome{Error: "read password: inappropriate ioctl for device"})
	var failure *display.Failure
	if !errors.As(err, &failure) || !strings.Contains(plain(failure.Traceback), "a notebook has no terminal") {
		t.Errorf("%v", err)
	}
}

func TestRaceReportsReadAsCells(t *testing.T) {
	units := report.NewSources("")
	units.Add(source(1, 3, "In[3]", "n := 0\ngo func() { n++ }()\nn++"))
	told := units.Races(`==================
WARNING: DATA RACE
Write at 0x00c000012345 by goroutine 8:
  main.In_3.func1()
      In[3]:2 +0x1d

Previous write at 0x00c000012345 by goroutine 7:
  main.In_3()
      In[3]:3 +0x2d
==================
`)
	if len(told) != 1 {
		t.Fatalf("%d reports: %q", len(told), told)
	}
	text := plain(told)
	for _, want := range []string{"In[3]:2", "go func() { n++ }()", "In[3]:3", "n++"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "0x00c0") {
		t.Errorf("addresses are shown:\n%s", text)
	}
	if told := units.Races("nothing of the kind"); told != nil {
		t.Errorf("%q", told)
	}
}
