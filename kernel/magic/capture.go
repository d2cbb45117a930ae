package magic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"locuslab/kernel/display"
)

// capture is listed and read like the others, but the session carries it out by
// Capture, since it concerns the whole cell.
var capture = command{"%capture [-a] file", "copy what the cell prints and displays to a file, or append it", func(context.Context, Host, Call, display.Output) error { return nil }}

// Capture returns an output that copies a cell's text to the file that its line
// %capture names, and what closes the file; the output itself if the line is
// another magic.
func Capture(h Host, line Line, out display.Output) (display.Output, func() error, error) {
	if !line.calls("capture") {
		return out, func() error { return nil }, nil
	}
	name, appending := strings.CutPrefix(line.Call.Args, "-a ")
	f, err := create(h, name, appending)
	if err != nil {
		return nil, nil, err
	}
	return capturing{out, f}, f.Close, nil
}

type capturing struct {
	display.Output
	file *os.File
}

// Write copies text. That the copy failed, on a full disk say, is told where the text went.
func (c capturing) Write(stream display.Stream, text string) {
	c.Output.Write(stream, text)
	c.copy(text)
}

func (c capturing) copy(text string) {
	if _, err := c.file.WriteString(text); err != nil && !errors.Is(err, os.ErrClosed) { // closed: printed after the cell's end
		c.Output.Display(display.Notice(fmt.Sprintf("%%capture: %v", err)))
	}
}

// Display copies the text of a display.
func (c capturing) Display(b display.Bundle) {
	c.Output.Display(b)
	if b.Metadata[display.NoticeKey] == nil { // the kernel's own
		c.copyBundle(b)
	}
}

// Result copies the text of the cell's value.
func (c capturing) Result(b display.Bundle) {
	c.Output.Result(b)
	c.copyBundle(b)
}

// copyBundle copies the simplest text of a bundle, as lines of their own; a picture that is no
// text is left out.
func (c capturing) copyBundle(b display.Bundle) {
	for _, kind := range []string{"text/plain", "text/markdown", "text/html", "image/svg+xml", "text/latex", "text/javascript"} {
		if text, ok := b.Data[kind].(string); ok {
			c.copy(strings.TrimSuffix(text, "\n") + "\n")
			return
		}
	}
}

// Page implements the front end's place for help, where there is one.
func (c capturing) Page(b display.Bundle) {
	if pager, ok := c.Output.(display.Pager); ok {
		pager.Page(b)
		return
	}
	c.Output.Display(b)
}

// ReplaceCell implements display.Editor, where the output is one.
func (c capturing) ReplaceCell(text string) {
	if editor, ok := c.Output.(display.Editor); ok {
		editor.ReplaceCell(text)
	}
}

// create opens a file that a magic writes, named as a user names it: below the
// working directory, with ~ and $NAME.
func create(h Host, name string, appending bool) (*os.File, error) {
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	if name == "" {
		return nil, usage("give the name of the file to write")
	}
	path := expand(h, name)
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if appending {
		flags = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	f, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return nil, usage("cannot write %s: %v", name, err)
	}
	return f, nil
}

// expand turns a path as a user writes it into an absolute one.
func expand(h Host, path string) string {
	variable := func(name string) string {
		for _, entry := range h.Environ() {
			if n, value, _ := strings.Cut(entry, "="); n == name {
				return value
			}
		}
		return ""
	}
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = "$HOME" + path[1:]
	}
	path = os.Expand(path, variable)
	if !filepath.IsAbs(path) {
		path = filepath.Join(h.Dir(), path)
	}
	return path
}
