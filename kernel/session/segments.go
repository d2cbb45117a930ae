package session

import (
	"locuslab/kernel/cell"
	"locuslab/kernel/magic"
)

// A segment is a run of Go items, or one magic.
type segment struct {
	items []cell.Item
	magic *cell.Item
}

// segments orders a cell's work: magics run where they stand among the
// statements; declarations are gathered, so that a function may use what stands
// behind a magic that does not need them itself.
func segments(c *cell.Cell) []segment {
	var list, last []segment
	var current segment
	ran := false
	for _, item := range c.Items {
		if item.Kind != cell.Magic {
			ran = ran || item.Kind == cell.Statement
			if item.Kind != cell.Package {
				current.items = append(current.items, item)
			}
			continue
		}
		if ran || len(current.items) > 0 && magic.NeedsDeclarations(c.Source(item)) {
			list = append(list, current)
			current, ran = segment{}, false
		}
		if magic.RunsBehindDeclarations(c.Source(item)) {
			last = append(last, segment{magic: &item})
			continue
		}
		list = append(list, segment{magic: &item})
	}
	if len(current.items) > 0 {
		list = append(list, current)
	}
	return append(list, last...)
}
