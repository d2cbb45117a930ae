// Package display defines what a cell shows: rich outputs as MIME bundles, the Output
// that receives them in order, and the Failure by which a cell ends.
//
// It is a leaf: the session fills an Output, the Jupyter wire or a headless
// run of a notebook is one. It knows neither of them, nor Go code.
package display

import "context"

// Bundle is one rich output: the same value in one or several MIME types.
type Bundle struct {
	// Data maps a MIME type to its content: a string for text types, []byte
	// for images (the wire encodes it as base64), any JSON value for JSON types.
	Data map[string]any
	// Metadata holds Jupyter's hints for the front end, for example the width
	// and height of an image. It may be nil.
	Metadata map[string]any
	// ID is Jupyter's display_id; empty for an output that is never updated.
	ID string
	// Update replaces the outputs shown with the same ID instead of adding one.
	Update bool
}

// Text is a Bundle of plain text.
func Text(text string) Bundle {
	return Bundle{Data: map[string]any{"text/plain": text}}
}

// Stream names a text stream of a cell.
type Stream string

// The two streams that Jupyter knows.
const (
	Stdout Stream = "stdout"
	Stderr Stream = "stderr"
)

// Pager is an Output that can show a bundle beside the notebook, not in it, as help is
// shown.
type Pager interface {
	Page(b Bundle)
}

// Output receives what a running cell shows. Its methods are called by one
// goroutine at a time.
type Output interface {
	// Write appends text to a stream.
	Write(stream Stream, text string)
	// Display shows a bundle (display_data, or update_display_data when
	// b.Update is set).
	Display(b Bundle)
	// Result shows the value of the cell's last expression (execute_result).
	Result(b Bundle)
	// Clear removes the cell's outputs; with wait, only when the next one
	// arrives.
	Clear(wait bool)
	// Input asks the user for a line of text, without its newline. It returns
	// an error when the front end cannot ask, or when ctx ends first.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}
