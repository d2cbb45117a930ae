package scope

// A reach is what can reach the notebook's variables and functions besides statements at
// the top of cells. It knows them by symbol, as versions that share one are one.
type reach struct {
	// From are the functions that mention a symbol in code of their own: they read or set
	// a variable, or call a function.
	From map[string]map[string]bool
	// Beyond are the symbols that are reached in any other way: by a closure, a method, a
	// pointer, a function value or a goroutine. Who holds these is not known.
	Beyond map[string]bool
}

func newReach() reach {
	return reach{From: map[string]map[string]bool{}, Beyond: map[string]bool{}}
}

// IsShared reports whether something besides top-level statements mentions a variable.
func (r reach) IsShared(d *Declaration) bool {
	return r.Beyond[d.Ident] || len(r.From[d.Ident]) > 0
}

// IsReached reports whether something reaches a symbol when functions can be called by
// these symbols only.
func (r reach) IsReached(symbol string, callable map[string]bool) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(symbol string) bool {
		if seen[symbol] {
			return false
		}
		seen[symbol] = true
		if r.Beyond[symbol] {
			return true
		}
		for fn := range r.From[symbol] {
			if callable[fn] || visit(fn) {
				return true
			}
		}
		return false
	}
	return visit(symbol)
}
