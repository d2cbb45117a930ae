package loader_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

// load loads a request and runs a function of it, and returns what went wrong.
func (s *session) load(q loader.Request, run string) host.Reply {
	s.t.Helper()
	return s.do(host.Command{Load: []loader.Request{q}, Run: []string{run}})
}

// A name that is declared again reads as the user wrote it.
func TestNames(t *testing.T) {
	s := start(t)
	s.run("package main\n\ntype T struct{ A int }\n\nvar Old any = T{1}\n")
	q := s.compile(`package main

import (
	"fmt"
	"reflect"
	"runtime"
)

type T struct{ A int }
type T_7 struct{ A, B int }
type Pair[A, B any] struct{ a A; b B }

func (t T_7) M() string { pc, _, _, _ := runtime.Caller(0); return runtime.FuncForPC(pc).Name() }
//go:noinline
func f_7() string { return func() string { pc, _, _, _ := runtime.Caller(0); return runtime.FuncForPC(pc).Name() }() }

var Old any

type outer struct {
	T_7
	Field_7 int
}

func Cell_1() {
	_, old := Old.(T)
	_, is := Old.(T_7)
	fmt.Printf("%T %T %v %v %+v\n", T{}, T_7{}, old, is, outer{})
	fmt.Println(T_7{}.M(), f_7(), reflect.TypeFor[map[T_7][]*T_7](), reflect.TypeFor[Pair[T_7, T]](), reflect.TypeFor[T_7]().Name(), reflect.TypeFor[func(T_7) chan T_7]())
}
`)
	q.Names = map[string]string{"T_7": "T", "f_7": "f", "Field_7": "wrong"}
	if r := s.load(q, "main.Cell_1"); r.Error != "" {
		t.Fatal(r.Error)
	}
	printed, err := s.end()
	want := "main.T main.T true false {T:{A:0 B:0} Field_7:0}\nmain.T.M main.f.func1 map[main.T][]*main.T main.Pair[main.T,main.T] T func(main.T) chan main.T\n"
	if printed != want || err != nil {
		t.Errorf("got  %s\nwant %s\n%v", printed, want, err)
	}
}

// What cannot be loaded is told before anything of it is in the process, and the next
// cell works.
func TestRefused(t *testing.T) {
	s := start(t)
	s.run("package main\n\nvar X int\nvar Y = 5\n")
	works := func() {
		t.Helper()
		if r := s.load(s.compile("package main\n\nvar X int\nvar Y int\n\nfunc Cell_1() { X += 1; if Y != 5 { panic(Y) } }\n"), "main.Cell_1"); r.Error != "" {
			t.Fatal(r.Error)
		}
	}
	for _, c := range []struct{ source, want string }{
		{"package main\n\nvar X string\n\nfunc Cell_1() { println(X) }\n", "it takes main.X for a variable of 16 bytes, but an earlier cell has defined it with 8"},
		{"package main\n\nvar Y = 6\n\nfunc Cell_1() { println(Y) }\n", "it gives main.Y a value at compile time, but an earlier cell has defined it"},
		{"package main\n\nfunc missing()\n\nfunc Cell_1() { missing() }\n", `nothing defines ["main.missing"]`},
		{"package main\n\nimport _ \"unsafe\"\n\n//go:linkname missing net.missing\nfunc missing()\n\nfunc Cell_1() { missing() }\n", `nothing defines ["net.missing"]`},
		{"package main\n\nvar big [1_900_000_000]byte\n\nfunc Cell_1() { println(&big) }\n", "for the constants of cells are used up"},
		{"package main\n\n//go:nosplit\nfunc large(n int) int {\n\tvar a [100]int\n\ta[n%100] = n\n\treturn a[n/2%100] + other(a[:])\n}\n\n//go:noinline\nfunc other(a []int) int { return len(a) }\n\nfunc Cell_1() { println(large(3)) }\n", "nosplit stack overflow: main.large"},
		{"package main\n\n//go:nosplit\nfunc again(n int) int { if n == 0 { return 0 }; return again(n-1) + 1 }\n\nfunc Cell_1() { println(again(3)) }\n", "nosplit stack overflow: main.again"},
	} {
		if r := s.load(s.compile(c.source), "main.Cell_1"); !strings.Contains(r.Error, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.source, r.Error, c.want)
		}
		works()
	}
	if r := s.load(loader.Request{Object: "/nowhere.a"}, ""); !strings.Contains(r.Error, "/nowhere.a") {
		t.Error(r.Error)
	}
	damaged := filepath.Join(t.TempDir(), "damaged.a")
	if err := os.WriteFile(damaged, []byte("!<arch>\nnonsense"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := s.load(loader.Request{Object: damaged}, ""); !strings.Contains(r.Error, "damaged archive") {
		t.Error(r.Error)
	}
	works()
}

// A package whose archive is not known is named by its path, and is there once it is.
func TestMissingPackage(t *testing.T) {
	s := start(t)
	q := s.compile("package main\n\nimport \"gonum.org/v1/gonum/floats\"\n\nfunc Cell_1() { println(int(floats.Sum([]float64{1, 2}))) }\n")
	packages := q.Packages
	q.Packages = nil
	r := s.load(q, "main.Cell_1")
	if len(r.Missing) != 1 || r.Missing[0] != "gonum.org/v1/gonum/floats" {
		t.Fatalf("missing %q, error %s", r.Missing, r.Error)
	}
	q.Packages = packages
	if r := s.load(q, "main.Cell_1"); r.Error != "" {
		t.Fatal(r.Error)
	}
	q.Packages = map[string]string{"gonum.org/v1/gonum/floats": "/another"}
	if r := s.load(q, "main.Cell_1"); !strings.Contains(r.Error, "another version of package gonum.org/v1/gonum/floats") {
		t.Error(r.Error)
	}
}
