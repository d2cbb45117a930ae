package cell

import "strings"

// A Replacement is a part of a cell's text that the kernel has put in place of what was typed.
type Replacement struct {
	Start, End int // in the text
	Typed      string
}

// SetReplaced tells which parts of the text were replaced, in their order. Positions that are shown
// to the user are then those of what was typed; all others stay those of the text.
func (c *Cell) SetReplaced(list []Replacement) {
	var typed strings.Builder
	at := 0
	for _, r := range list {
		typed.WriteString(c.Text[at:r.Start] + r.Typed)
		at = r.End
	}
	c.replaced, c.typed = list, typed.String()+c.Text[at:]
}

// TypedPosition returns where in the typed text a position of the text is; what was replaced has the
// position of its beginning.
func (c *Cell) TypedPosition(line, column int) (int, int) {
	if len(c.replaced) == 0 {
		return line, column
	}
	at := c.Offset(line, column)
	longer := 0
	for _, r := range c.replaced {
		if at < r.Start {
			break
		}
		if at < r.End {
			at = r.Start
			break
		}
		longer += len(r.Typed) - (r.End - r.Start)
	}
	return positionIn(c.typed, at+longer)
}

// TypedLine returns a line of the typed text, counted from 1, empty if there is no such line.
func (c *Cell) TypedLine(number int) string {
	text := c.Text
	if len(c.replaced) > 0 {
		text = c.typed
	}
	return lineOf(text, number)
}
