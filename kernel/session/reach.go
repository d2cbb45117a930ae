package session

// A reach is what can reach the notebook's variables and functions besides statements at
// the top of cells. It knows them by symbol, as versions that share one are one.
type reach struct {
	// from are the functions that mention a symbol in code of their own: they read or set
	// a variable, or call a function.
	from map[string]map[string]bool
	// beyond are the symbols that are reached in any other way: by a closure, a method, a
	// pointer, a function value or a goroutine. Who holds these is not known.
	beyond map[string]bool
}

func newReach() reach {
	return reach{from: map[string]map[string]bool{}, beyond: map[string]bool{}}
}

// isShared reports whether something besides top-level statements mentions a variable.
func (r reach) isShared(d *declaration) bool {
	return r.beyond[d.ident] || len(r.from[d.ident]) > 0
}

// isReached reports whether something reaches a symbol when functions can be called by
// these symbols only.
func (r reach) isReached(symbol string, callable map[string]bool) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(symbol string) bool {
		if seen[symbol] {
			return false
		}
		seen[symbol] = true
		if r.beyond[symbol] {
			return true
		}
		for fn := range r.from[symbol] {
			if callable[fn] || visit(fn) {
				return true
			}
		}
		return false
	}
	return visit(symbol)
}
