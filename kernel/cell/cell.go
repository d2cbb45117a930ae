// Package cell splits the text of a notebook cell into magics, top-level
// declarations and statements, each with its byte offset.
//
// It knows Go's tokens and nothing more: what a declaration means, and what a
// magic does, is the session's business. It never fails on what a user types: a
// cell that cannot be Go has a *SyntaxError.
package cell

import (
	"fmt"
	"strings"
)

// Kind tells what an Item is.
type Kind int

// The kinds of top-level items of a cell.
const (
	Import    Kind = iota // an import declaration
	Const                 // a const declaration
	Type                  // a type declaration
	Var                   // a var declaration
	Func                  // a function declaration
	Method                // a method declaration
	Statement             // anything that runs
	Magic                 // a line for the kernel: %name …, !command, ?name
	Package               // a package clause, which a pasted file begins with
)

var kindNames = [...]string{"import", "const", "type", "var", "func", "method", "statement", "magic", "package"}

// String returns the word that Go has for the kind, where it has one.
func (k Kind) String() string { return kindNames[k] }

// Item is one top-level piece of a cell.
type Item struct {
	Kind  Kind
	Start int // byte offset of its first character in the cell's text
	End   int // byte offset behind its last; a semicolon is not part of it
	// Hidden is set where an explicit semicolon ends the item: a last
	// expression so ended is not shown.
	Hidden bool
}

// Comment is a comment of the Go code, between items or within one.
type Comment struct {
	Start int // byte offset of its first character in the cell's text
	End   int // byte offset behind its last; a line's end is not part of it
}

// Cell is the text of a cell, taken apart.
type Cell struct {
	Text  string
	Items []Item
	// Comments are those of the Go code, in order.
	Comments []Comment
	// Open is the offset of the innermost bracket that is not closed, or -1.
	Open int
	// Unfinished tells that the text ends inside a comment, a raw string or
	// behind an operator: more is to come.
	Unfinished bool
	// Err is the first fault that more text cannot mend, or nil.
	Err *SyntaxError

	replaced []Replacement
	typed    string // the text without them
}

// Source returns the text of an item.
func (c *Cell) Source(i Item) string { return c.Text[i.Start:i.End] }

// Above returns the comments between an item and the one before it, in order.
func (c *Cell) Above(item Item) []Comment {
	from := 0
	for _, other := range c.Items {
		if other.End <= item.Start {
			from = other.End
		}
	}
	var list []Comment
	for _, comment := range c.Comments {
		if from <= comment.Start && comment.End <= item.Start {
			list = append(list, comment)
		}
	}
	return list
}

// Position returns the line and the column, both from 1 and the column in
// bytes, of an offset.
func (c *Cell) Position(offset int) (line, column int) { return positionIn(c.Text, offset) }

func positionIn(text string, offset int) (line, column int) {
	before := text[:offset]
	return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
}

// Offset is the inverse of Position; what lies behind the text is its end.
func (c *Cell) Offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexByte(c.Text[at:], '\n')
		if n < 0 {
			return len(c.Text)
		}
		at += n + 1
	}
	return min(at+column-1, len(c.Text))
}

// Line returns the text of a line, counted from 1, without its end; an empty
// string for a line that the cell does not have.
func (c *Cell) Line(number int) string { return lineOf(c.Text, number) }

func lineOf(text string, number int) string {
	lines := strings.Split(text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return strings.TrimSuffix(lines[number-1], "\r")
}

// Has tells whether the cell has an item of one of the kinds.
func (c *Cell) Has(kinds ...Kind) bool {
	for _, item := range c.Items {
		for _, kind := range kinds {
			if item.Kind == kind {
				return true
			}
		}
	}
	return false
}

// SyntaxError is a place in a cell that no further text can make valid Go.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Message) }
