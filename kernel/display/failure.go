package display

import (
	"regexp"
	"strings"
)

// A Failure is how the code of a cell failed, in the terms of Jupyter's error message. It
// is the user's, not the kernel's.
type Failure struct {
	Name      string   // of the kind: panic, CompileError, UsageError
	Value     string   // the message
	Traceback []string // lines for the user, colours as ANSI escapes allowed

	Cause error // what the kernel failed with; nil for none
}

func (f *Failure) Error() string {
	return strings.TrimSuffix(f.Name+": "+f.Value, ": ")
}

func (f *Failure) Unwrap() error { return f.Cause }

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Plain returns a text without its colours, as where it is not shown on a terminal or a page.
func Plain(text string) string { return colours.ReplaceAllString(text, "") }
