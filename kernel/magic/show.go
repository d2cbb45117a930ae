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

var help = command{"%help [magic]", "this list, or the help of one magic", func(_ context.Context, _ Host, c Call, out display.Output) error {
	if c.Args != "" {
		text, ok := Help(c.Args)
		if !ok {
			return usage("there is no magic %s; %%help lists all", c.Args)
		}
		out.Write(display.Stdout, text+"\n")
		return nil
	}
	var b strings.Builder
	b.WriteString("Go code: declarations and statements; what is declared at the top of a cell persists.\nThe last expression is shown; a semicolon after it hides it.\n\n")
	seen := map[string]bool{}
	for _, table := range []map[string]command{cellMagics, lineMagics} {
		var lines []string
		for _, c := range table {
			if !seen[c.usage] {
				seen[c.usage] = true
				lines = append(lines, helpLine(c.usage, c.help))
			}
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	b.WriteString(helpLine("!command", "run a shell command") + helpLine("name?, name??", "documentation of a name; its source"))
	out.Write(display.Stdout, b.String())
	return nil
}}

// helpLine is a line of the list, or two where the usage leaves no room for the help.
func helpLine(usage, help string) string {
	const width = 32
	if len(usage) > width {
		usage += "\n  " + strings.Repeat(" ", width)
	}
	return fmt.Sprintf("  %-*s %s\n", width, usage, help)
}

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
