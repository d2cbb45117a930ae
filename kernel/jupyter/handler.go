package jupyter

import (
	"context"

	"locuslab/kernel/display"
)

// Handler gives the requests of a front end their meaning.
//
// Execute is called for one cell at a time. All other methods may be called
// while it runs; Complete, Inspect and IsComplete by one goroutine at a time.
// Positions and lengths are bytes.
type Handler interface {
	// Execute runs a cell and shows on out what it shows; out stays good after the
	// return, for goroutines that the cell has left behind. A failure of the user's
	// code is a *display.Failure. Every Output that it is given is a display.Pager.
	Execute(ctx context.Context, code string, count int, out display.Output) error
	// Evaluate returns the value of an expression, for a front end that wants it with
	// the reply to a cell: count is that cell's, and out its output for what the
	// expression shows besides. It is called as Execute is.
	Evaluate(ctx context.Context, expression string, count int, out display.Output) (display.Bundle, error)
	// Queue tells of a cell that will be executed later, so that it may be prepared.
	Queue(code string)
	// Unqueue tells that none of the cells told of by Queue will be executed.
	Unqueue()
	// Interrupt ends the running cell soon; it may be called again before an earlier
	// call has returned.
	Interrupt()
	// Complete lists what may stand in place of code[start:end] with the cursor
	// within it.
	Complete(code string, cursor int) (matches []display.Match, start, end int)
	// Inspect documents what is at the cursor; detail is 0 or 1.
	Inspect(code string, cursor, detail int) (display.Bundle, bool)
	// IsComplete tells whether code may be run as it is: "complete", "incomplete"
	// (with the indent of the next line), "invalid" or "unknown".
	IsComplete(code string) (status, indent string)
}
