package frontend

import (
	"fmt"
	"testing"
)

// What a cell declares lives on with the scope that it was checked in. That has the names
// that the cell mentions, not all of the session's: a session's memory must not grow with
// the square of its cells.
func TestScopesHaveWhatACellMentions(t *testing.T) {
	n := openNotebook(t, t.TempDir())
	const cells = 60
	for i := range cells {
		code := fmt.Sprintf("v%d := %d", i, i)
		if i > 0 {
			code += fmt.Sprintf(" + v%d", i-1)
		}
		if f := n.emitted(t, code, i+1); f.Name != "go" {
			t.Fatalf("%s: %s", code, f.Data)
		}
	}
	for i := range cells {
		names := n.scope.Names.Current[fmt.Sprintf("v%d", i)].Object.Pkg().Scope().Names()
		if len(names) > cells/4 {
			t.Fatalf("cell %d keeps %d names: %q", i+1, len(names), names)
		}
	}
}
