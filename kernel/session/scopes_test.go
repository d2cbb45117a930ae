package session

import (
	"fmt"
	"testing"
)

// What a cell declares lives on with the scope that it was checked in. That has the names
// that the cell mentions, not all of the session's: a session's memory must not grow with
// the square of its cells.
func TestScopesHaveWhatACellMentions(t *testing.T) {
	s := openTestSession(t, t.TempDir())
	const cells = 60
	for n := range cells {
		code := fmt.Sprintf("v%d := %d", n, n)
		if n > 0 {
			code += fmt.Sprintf(" + v%d", n-1)
		}
		if f := emitted(t, s, code, n+1); f.Name != "go" {
			t.Fatalf("%s: %s", code, f.Data)
		}
	}
	for n := range cells {
		names := s.scope.Names.Current[fmt.Sprintf("v%d", n)].Object.Pkg().Scope().Names()
		if len(names) > cells/4 {
			t.Fatalf("cell %d keeps %d names: %q", n+1, len(names), names)
		}
	}
}
