package complete

import (
	"context"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// marker stands for what the user is about to type.
const marker = "cursor" + scope.Reserved

// look checks a cell that need not be finished. head is its text up to the place that matters,
// and tail what follows. What does not parse elsewhere in the cell is passed over; at the
// place itself the cell is completed by the simplest text that Go can read.
func (h *Helper) look(ctx context.Context, head, tail string) *Checked {
	for _, text := range finished(head, tail) {
		c := cell.Split(text)
		var items []cell.Item
		whole := true
		for _, item := range c.Items {
			if item.Kind == cell.Magic || item.Kind == cell.Package {
				continue
			}
			if _, _, err := c.Parse(item); err == nil {
				items = append(items, item)
			} else if item.Start < len(head) && len(head) <= item.End {
				whole = false
				break
			}
		}
		if whole {
			return h.Check(ctx, c, items)
		}
	}
	return nil
}

// finished are the ways to finish a cell, the likeliest first: as it stands, with its brackets
// closed, as a call (of go and defer), with the body that a for, an if or a switch wants.
func finished(head, tail string) (texts []string) {
	if c := cell.Split(head + tail); c.Err == nil && c.Open < 0 && !c.Unfinished {
		texts = append(texts, head+tail)
	}
	open := cell.At(head, len(head)).Open
	closing := map[byte]string{'(': ")", '[': "]", '{': "}"}
	for _, middle := range []string{"", "()", " {\n}"} {
		text, rest := head, open
		if middle == "()" {
			text += middle
		}
		body := func() {
			if strings.HasPrefix(middle, " ") {
				text += middle
				middle = ""
			}
		}
		for rest != "" {
			last := rest[len(rest)-1]
			rest = rest[:len(rest)-1]
			if last == '{' {
				body()
			}
			text += closing[last]
		}
		body()
		texts = append(texts, text)
	}
	return texts
}
