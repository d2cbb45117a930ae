package build_test

import (
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/worker/workertest"
)

// The first cell that imports a package pays for linking it; those after it do not,
// also where they call what no cell has called before.
func TestPackageIsBroughtIntoTheProcessOnce(t *testing.T) {
	root := writeModule(t, map[string]string{
		"go.mod":         "module example.org/lesson\n\ngo 1.26.0\n",
		"late/late.go":   "package late\n\nimport \"example.org/lesson/below\"\n\nvar Started = below.Count()\n\nfunc First() int { return 1 }\n\nfunc Second() int { return 2 + Started }\n\ntype Shape struct{ side int }\n\nfunc New(side int) *Shape { return &Shape{side} }\n\nfunc (s *Shape) Area() int { return s.side * s.side }\n",
		"below/below.go": "package below\n\nvar n int\n\nfunc Count() int { n++; return n }\n",
	})
	e := workertest.New(t, root, build.Linked)
	head := "package main\nimport \"fmt\"\nimport late \"example.org/lesson/late\"\n"
	for i, c := range []struct{ body, want, link string }{
		{"fmt.Println(late.First(), late.Started)", "1 1\n", "mixed"},
		{"fmt.Println(late.Second(), late.Started)", "3 1\n", "stub"},
		{"var a interface{ Area() int } = late.New(3); fmt.Printf(\"%v %T\\n\", a.Area(), a)", "9 *late.Shape\n", "stub"},
	} {
		id := i + 1
		u := e.Unit(id, head+"func Cell_"+string(rune('0'+id))+"() { "+c.body+" }\n")
		o, err := e.Builder.Build(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if o.Mode.String() != c.link {
			t.Errorf("cell %d got the %v link, not the %s one", id, o.Mode, c.link)
		}
		s := &workertest.Screen{}
		if _, err := e.Run(t.Context(), u, s); err != nil {
			t.Fatal(err)
		}
		if s.Stdout() != c.want {
			t.Errorf("cell %d printed %q, want %q", id, s.Stdout(), c.want)
		}
	}
}
