package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
	"locuslab/kernel/notebook"
)

// gonbWants are gonb's own headless notebooks, and what its tests ask for in the outputs of
// each code cell: lines that occur in this order. An entry that begins with an exclamation
// mark is of a cell that fails, with that text in its message. Where the wording differs,
// ours stands, with gonb's beside it.
//
// comms, dom, widgets and wasm need a page: package lab tries them in a browser. goflags asks
// for what gonb's builds say and gowork for its go.mod, and input_boxes for answers:
// kernel/semantics has those.
var gonbWants = map[string][][]string{
	"hello":     {nil, {"Hello World!"}, {"Works with //gonb:"}, {"%exec worked for x=17"}},
	"functions": {nil, nil, {"incr: x=2, y=4.14"}},
	// A cell is no program of its own: an init function runs once, when it is declared.
	// gonb runs all of them again with each cell.
	"init": {nil, nil, nil, {"init: v0"}, {"init: v1"}, {"forgotten: init_a, init_b" /* removed func init_a … */}, {"Done"}},
	// A variable stays when the one that was declared with it is redeclared; in gonb it
	// goes, and "not found in any definition".
	"vartuple":    {{"a=3, c=7"}, {"a ", "c ", "tupleFn" /* == Variables … == Functions */}, {"c=1.5"}, {"forgotten: a"}},
	"gonbui":      {{"GOCOVERDIR="}, {"ok"}, nil /* Added replace rule for module: go.work is seen as it is */, {"html displayed"}, {"markdown displayed"}},
	"bash_script": {{"hello"}, {"/"}, {"$DIR"}},
	"capture":     {{"Ping"}, {"Ping"}, {"Pong"}, {"Ping", "Pong"}, nil, {"Ping", "Pong"}, nil, {"# Ping", "# Pong"}},
	"writefile":   {{"Writing" /* Cell contents written to */}, {"Appending to" /* Cell contents appended to */}},
	"script":      {{"1 : a", "2 : b", "3 : c"}, {"18"}, {"19"}, {"!%%sh must be the first line of its cell" /* can only appear at the start */}},
	"gotest": {
		nil, {"55", "2178309", "2178309"}, {"RUN   TestA", "Testing A", "PASS: TestA", "PASS"}, {"TestA"}, {"RUN   TestA", "Testing A", "PASS: TestA", "PASS"},
		{"RUN   TestB", "Testing B", "PASS: TestB", "RUN   TestAB", "Testing AB", "PASS: TestAB", "PASS"}, // in the order of the cell
		{"Testing A", "Testing B", "Testing AB", "PASS"}, {"BenchmarkFibonacciA32", "BenchmarkFibonacciB32", "PASS"}, {"BenchmarkFibonacciA32", "BenchmarkFibonacciB32", "PASS"},
	},
}

// TestGonbsNotebooks runs gonb's own notebooks and looks for what gonb's tests look for.
func TestGonbsNotebooks(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb").Output()
	if err != nil {
		t.Fatal(err)
	}
	module := strings.TrimSpace(string(out))
	spec := kerneltest.Spec(t)
	for name, want := range gonbWants {
		t.Run(name, func(t *testing.T) {
			nb, err := notebook.Read(filepath.Join(module, "examples", "tests", name+".ipynb"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			k, err := client.Start(t.Context(), spec, client.Options{Dir: dir, Env: []string{"GONB_GIT_ROOT=" + module, "TEST_DIR=" + dir + "/"}})
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			n := 0
			for _, c := range nb.Cells() {
				if c.Kind() != notebook.Code {
					continue
				}
				if n == len(want) {
					t.Fatalf("there are more than %d cells", n)
				}
				source := c.Source()
				o, err := k.Run(t.Context(), source)
				if err != nil {
					t.Fatal(err)
				}
				rest := o.Stream("stdout") + o.Stream("stderr")
				for _, m := range o.Visible() {
					var content struct{ Data map[string]any }
					if m.Decode(&content) == nil && content.Data != nil {
						rest += fmt.Sprintln(content.Data)
					}
				}
				for _, line := range want[n] {
					message, fails := strings.CutPrefix(line, "!")
					if _, err := exec.LookPath("bc"); err != nil && strings.HasPrefix(source, "%%script bc") {
						continue
					}
					if fails != (o.Status == "error") {
						t.Errorf("cell %d ends with status %s\n%s%s", n, o.Status, source, kerneltest.FailureText(o))
					}
					if fails {
						rest = kerneltest.FailureText(o)
					}
					_, after, found := strings.Cut(rest, strings.ReplaceAll(message, "$DIR", dir))
					if !found {
						t.Errorf("cell %d does not show %q:\n%s\nit shows\n%s", n, line, source, rest)
						break
					}
					rest = after
				}
				n++
			}
			if n != len(want) {
				t.Errorf("%d cells, %d are known", n, len(want))
			}
		})
	}
}
