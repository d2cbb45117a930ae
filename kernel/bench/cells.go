package main

import (
	"fmt"
	"strings"
)

// A kind of cells: what must run before them, and the n-th of them, in Go and in
// Python. The Go cells are in gonb's language, so that both Go kernels run the same
// text.
type kind struct {
	name     string
	modules  modules
	setup    func() []string
	cell     func(n int) string
	pySetup  func() []string
	pyCell   func(n int) string
	expected func(n int) string // a part of what the cell prints
}

var kinds = []kind{
	{
		name:     "hello",
		setup:    noCells,
		cell:     func(n int) string { return fmt.Sprintf("%%%%\nfmt.Println(\"hello\", %d)", n) },
		pySetup:  noCells,
		pyCell:   func(n int) string { return fmt.Sprintf("print(\"hello\", %d)", n) },
		expected: func(n int) string { return fmt.Sprintf("hello %d", n) },
	},
	{
		name:     "heavy imports",
		modules:  modules{"github.com/go-gota/gota/dataframe@v0.12.0", "gonum.org/v1/gonum/stat@v0.17.0"},
		setup:    noCells,
		cell:     heavyCell,
		pySetup:  noCells,
		pyCell:   heavyPython,
		expected: func(n int) string { return fmt.Sprintf(`"mean":%g`, float64(n)/2) },
	},
	{
		name:     "200 declarations",
		setup:    declarations,
		cell:     func(n int) string { return fmt.Sprintf("%%%%\nfmt.Println(f%d(T%d{%d, 1}.Sum()))", n%80, n%40, n) },
		pySetup:  pyDeclarations,
		pyCell:   func(n int) string { return fmt.Sprintf("print(f%d(T%d(%d, 1).sum()))", n%80, n%40, n) },
		expected: func(n int) string { return fmt.Sprint(n + 1 + n%80) },
	},
}

// modules are what the cells import beside the standard library, in the versions of
// the checkout's go.mod.
type modules []string

// gonbSetup fetches the modules in a gonb session.
func (m modules) gonbSetup() []string {
	if len(m) == 0 {
		return nil
	}
	return []string{"!*go get " + strings.Join(m, " ")}
}

func noCells() []string { return nil }

func heavyCell(n int) string {
	return fmt.Sprintf(`import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"gonum.org/v1/gonum/stat"
)

%%%%
df := dataframe.ReadCSV(strings.NewReader("x\n0\n%d\n"))
b, err := json.Marshal(map[string]any{
	"mean":   stat.Mean(df.Col("x").Float(), nil),
	"status": http.StatusText(http.StatusOK),
})
fmt.Println(string(b), err)`, n)
}

func heavyPython(n int) string {
	return fmt.Sprintf(`import http.client, json, statistics
print(json.dumps({"mean": statistics.mean([0, %d]), "status": http.client.responses[200]}, separators=(",", ":")))`, n)
}

// declarations are 200: 80 functions, 40 types with a method each, 40 variables.
func declarations() []string {
	var cells []string
	for c := range 20 {
		var b strings.Builder
		for i := c * 4; i < c*4+4; i++ {
			fmt.Fprintf(&b, "func f%d(x int) int { return x + %d }\n", i, i)
		}
		for i := c * 2; i < c*2+2; i++ {
			fmt.Fprintf(&b, "type T%[1]d struct{ A, B int }\nfunc (t T%[1]d) Sum() int { return t.A + t.B }\nvar v%[1]d = map[string]int{\"n\": %[1]d}\n", i)
		}
		cells = append(cells, b.String())
	}
	return cells
}

func pyDeclarations() []string {
	var cells []string
	for c := range 20 {
		var b strings.Builder
		for i := c * 4; i < c*4+4; i++ {
			fmt.Fprintf(&b, "def f%d(x): return x + %d\n", i, i)
		}
		for i := c * 2; i < c*2+2; i++ {
			fmt.Fprintf(&b, "class T%[1]d:\n    def __init__(self, a, b): self.a, self.b = a, b\n    def sum(self): return self.a + self.b\nv%[1]d = {\"n\": %[1]d}\n", i)
		}
		cells = append(cells, b.String())
	}
	return cells
}
