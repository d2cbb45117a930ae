package loader_test

import (
	"strings"
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

const initsPath = "locuslab/kernel/worker/loader/testdata/inits/"

// Packages are initialised once, those that a package needs before it, as in a program.
func TestInits(t *testing.T) {
	s := start(t)
	s.run("package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n\n\t\"" + initsPath + "first\"\n\t\"" + initsPath + "second\"\n)\n\nvar V = first.Note(\"main.V\")\n\nfunc init() { first.Note(\"main.init\") }\n\nfunc Cell_1() { fmt.Println(strings.Join(first.Order, \", \"), len(second.Table), second.Table[\"c\"]) }\n")
	s.run("package main\n\nimport (\n\t\"fmt\"\n\n\t\"" + initsPath + "third\"\n\t\"" + initsPath + "first\"\n)\n\nfunc Cell_1() { fmt.Println(len(first.Order), third.V) }\n")
	printed, err := s.end()
	want := "first.V, first.init, first.init 2, third.V, second.V after third.V, second.init, main.V, main.init 26 22\n8 third.V\n"
	if printed != want || err != nil {
		t.Errorf("got  %s\nwant %s\n%v", printed, want, err)
	}
}

// A package whose initialisation fails, or is not over, is told of; cells without it
// work.
func TestUnfinishedInits(t *testing.T) {
	s := start(t)
	q := s.compile("package main\n\nimport \"" + initsPath + "panics\"\n\nfunc Cell_1() { println(panics.V) }\n")
	if r := s.load(q, "main.Cell_1"); !strings.Contains(r.Error, "cannot initialise") || !strings.Contains(r.Error, "panics.init.0") {
		t.Errorf("an init that panics: %s", r.Error)
	}
	// One cell's package waits; others need it meanwhile, one of them by another package.
	waits := s.compile("package main\n\nimport \"" + initsPath + "blocks\"\n\nfunc Cell_1() { println(blocks.V) }\n")
	s.do(host.Command{Load: []loader.Request{waits}, Background: true})
	for _, needed := range []string{"blocks", "needsblocks"} {
		q := s.compile("package main\n\nimport \"" + initsPath + needed + "\"\n\nfunc Cell_1() { println(" + needed + ".V) }\n")
		if r := s.load(q, "main.Cell_1"); !strings.Contains(r.Error, "package "+initsPath+"blocks has not finished its initialisation") {
			t.Errorf("a package that is not initialised yet: %s", r.Error)
		}
	}
	s.run("package main\n\nfunc Cell_1() { println(\"goes on\") }\n")
}
