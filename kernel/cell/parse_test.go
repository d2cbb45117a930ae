package cell

import (
	"go/ast"
	"testing"
)

// TestParse: every identifier is where the file's positions and base say, whatever item it is in.
func TestParse(t *testing.T) {
	code := "import \"fmt\"\nx := 1 // one\nfunc f() error { return nil }\n\nif x > 0 { fmt.Println(x); return f() }\ntype T struct{ x int }\n1 +"
	c := Split(code)
	names := 0
	for i, item := range c.Items {
		file, base, err := c.Parse(item)
		if last := i == len(c.Items)-1; (err != nil) != last {
			t.Errorf("%q: %v", c.Source(item), err)
		}
		if err != nil {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			at := -1
			if ok {
				at = int(id.Pos()) + base
			}
			if at >= item.Start && id.Name != "error" { // what stands around the item is before it
				names++
				if got := code[at : at+len(id.Name)]; got != id.Name {
					t.Errorf("%s is said to be at %q", id.Name, got)
				}
			}
			return true
		})
	}
	if names < 10 {
		t.Errorf("%d names", names)
	}
}
