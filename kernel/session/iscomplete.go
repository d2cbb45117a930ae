package session

import (
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/magic"
)

// IsComplete tells a console whether Enter should run the code: complete,
// incomplete (and the indentation of the next line) or invalid.
func (s *Session) IsComplete(code string) (status, indent string) {
	code = normalise(code)
	if m, err := magic.Parse(code); err != nil || m != nil {
		return "complete", ""
	}
	c := cell.Split(code)
	switch {
	case c.Err != nil, (c.Unfinished || c.Open >= 0) && c.Fault() != nil: // what is finished is parsed below
		return "invalid", ""
	case c.Unfinished:
		return "incomplete", ""
	case c.Open >= 0:
		lines := strings.Split(strings.TrimRight(code, "\n"), "\n")
		last := lines[len(lines)-1]
		indent = last[:len(last)-len(strings.TrimLeft(last, " \t"))]
		if trimmed := strings.TrimRight(last, " \t"); strings.HasSuffix(trimmed, "{") || strings.HasSuffix(trimmed, "(") {
			indent += "\t"
		}
		return "incomplete", indent
	}
	for _, item := range c.Items {
		if item.Kind == cell.Magic || item.Kind == cell.Package {
			continue
		}
		if _, _, err := c.Parse(item); err != nil {
			return "invalid", ""
		}
	}
	return "complete", ""
}
