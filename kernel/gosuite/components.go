package gosuite

import "slices"

// components groups the pieces that depend on each other; what a group depends on
// stands before it, and else the order is the program's. It is Tarjan's algorithm.
func components(pieces []*piece) (groups [][]*piece) {
	var stack []*piece
	count := 0
	var visit func(p *piece)
	visit = func(p *piece) {
		count++
		p.index, p.low, p.onStack = count, count, true
		stack = append(stack, p)
		for _, need := range p.needs {
			switch {
			case need.index == 0:
				visit(need)
				p.low = min(p.low, need.low)
			case need.onStack:
				p.low = min(p.low, need.index)
			}
		}
		if p.low != p.index {
			return
		}
		at := slices.Index(stack, p)
		group := slices.Clone(stack[at:])
		for _, member := range group {
			member.onStack = false
		}
		stack = stack[:at]
		groups = append(groups, group)
	}
	for _, p := range pieces {
		if p.index == 0 {
			visit(p)
		}
	}
	return groups
}
