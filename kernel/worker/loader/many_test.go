package loader_test

import (
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

// A thousand cells take little memory, and what the first declared is still there.
func TestManyCells(t *testing.T) {
	s := start(t)
	s.run("package main\n\nvar Sum int\n\nvar List []*int\n")
	var q []loader.Request
	for _, source := range []string{
		"package main\n\nimport \"fmt\"\n\nvar Sum int\nvar List []*int\n\ntype local struct{ n *int }\n\nfunc Cell() { n := len(fmt.Sprint(Sum)); Sum++; List = append(List, &n) }\n",
		helloCell,
	} {
		q = append(q, s.compile(source))
	}
	load := func(n int) (r host.Reply) {
		for range n {
			for i, run := range []string{"main.Cell", "main.Cell_1"} {
				if r = s.load(q[i], run); r.Error != "" {
					t.Fatal(r.Error)
				}
			}
		}
		return s.do(host.Command{Collect: 1})
	}
	before := load(50)
	const cells = 500
	after := load(cells)
	s.run("package main\n\nvar Sum int\nvar List []*int\n\nfunc Cell_1() { if Sum != 550 || *List[549] != 3 || *List[0] != 1 { panic(Sum) } }\n")
	if kb := float64(after.RSS-before.RSS) / (2 * cells); kb > 30 {
		t.Errorf("a cell takes %.1f KB", kb)
	}
}
