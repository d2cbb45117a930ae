package magic

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"locuslab/kernel/display"
	"locuslab/kernel/version"
)

// show returns the magic that shows the cell's text as a MIME type.
func show(mime string) command {
	name := mime[strings.LastIndexByte(mime, '/')+1:]
	name, _, _ = strings.Cut(name, "+")
	return command{"%%" + name, "show the cell's text as " + mime, func(_ context.Context, _ Host, c Call, out display.Output) error {
		out.Display(display.Bundle{Data: map[string]any{mime: strings.TrimLeft(c.Body, "\n")}})
		return nil
	}}
}

var writefile = command{"%%writefile [-a] file", "write the cell's text to a file, or append it", func(_ context.Context, h Host, c Call, out display.Output) error {
	name, appending := strings.CutPrefix(c.Args, "-a ")
	f, err := create(h, name, appending)
	if err != nil {
		return err
	}
	verb := "Writing"
	if appending {
		verb = "Appending to"
	}
	defer f.Close()
	text := strings.TrimPrefix(c.Body, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if _, err := f.WriteString(text); err != nil {
		return usage("cannot write %s: %v", name, err)
	}
	out.Write(display.Stdout, verb+" "+strings.TrimSpace(name)+"\n")
	return f.Close()
}}

var clearOutput = command{"%clear [-w]", "remove the cell's outputs; -w waits for the next one", func(_ context.Context, _ Host, c Call, out display.Output) error {
	out.Clear(c.Args == "-w")
	return nil
}}

var help = command{"%help", "this list", func(_ context.Context, _ Host, _ Call, out display.Output) error {
	var b strings.Builder
	b.WriteString("Go code: declarations and statements in any order; what stands at the top of a cell lives on.\nThe last expression is shown; a semicolon behind it hides it.\n\n")
	seen := map[string]bool{}
	for _, table := range []map[string]command{cellMagics, lineMagics} {
		var lines []string
		for _, c := range table {
			if !seen[c.usage] {
				seen[c.usage] = true
				lines = append(lines, fmt.Sprintf("  %-46s %s\n", c.usage, c.help))
			}
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	fmt.Fprintf(&b, "  %-46s %s\n  %-46s %s\n", "!command", "run a shell command", "?name, name?", "what a name is")
	out.Write(display.Stdout, b.String())
	return nil
}}

var listMagics = command{"%lsmagic", "the names of all magics", func(_ context.Context, _ Host, _ Call, out display.Output) error {
	var lines, cells []string
	for _, name := range Names(true) {
		if strings.HasPrefix(name, "%%") && name != "%%" {
			cells = append(cells, name)
		} else {
			lines = append(lines, name)
		}
	}
	out.Write(display.Stdout, fmt.Sprintf("line magics:\n%s\n\ncell magics:\n%s\n", strings.Join(lines, "  "), strings.Join(cells, "  ")))
	return nil
}}

var versionLine = command{"%version", "the versions of the kernel and of Go", func(_ context.Context, _ Host, _ Call, out display.Output) error {
	out.Write(display.Stdout, version.String()+"\n")
	return nil
}}
