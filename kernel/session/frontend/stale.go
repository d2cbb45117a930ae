package frontend

import (
	"fmt"
	"go/types"
	"strings"

	"locuslab/kernel/session/scope"
)

// staleNote tells what keeps the earlier version of a thing that the cell declares
// anew: what was declared with a type, and the functions that mention anything.
func (e *emitter) staleNote(fresh []*scope.Declaration) string {
	var b strings.Builder
	for _, d := range fresh {
		old := e.Scope.Names.Current[d.Name]
		if old == nil || old == d || e.Revised[d.Name] != nil {
			continue
		}
		earlier := map[*scope.Declaration]bool{old: true}
		var stale []string
		for _, other := range e.Scope.Names.Sorted() {
			_, isFunc := other.Object.(*types.Func)
			if !e.Declared[other.Name] && (other.MentionsAny(earlier) || isFunc && other.Whole.MentionsAny(earlier)) {
				stale = append(stale, other.Name)
			}
		}
		if len(stale) == 0 {
			continue
		}
		list := strings.Join(stale, ", ")
		if _, ok := d.Object.(*types.TypeName); ok {
			fmt.Fprintf(&b, "note: %s is now a different type; these still use the earlier %s: %s\n", d.Name, d.Name, list)
		} else {
			fmt.Fprintf(&b, "note: %s is redeclared; these keep the earlier %s until their cells run again: %s\n", d.Name, d.Name, list)
		}
	}
	return b.String()
}
