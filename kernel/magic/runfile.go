package magic

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"locuslab/kernel/display"
	"locuslab/kernel/notebook"
)

var runFile = command{"%run file.go|file.ipynb [arguments]", "run a Go file, or the cells of another notebook, as if they stood here; what they declare stays", func(ctx context.Context, h Host, c Call, out display.Output) error {
	list, err := words(c.Args)
	if err != nil {
		return err
	}
	if len(list) > 0 && list[0] == "-i" { // IPython's: with this session's names, as here always
		list = list[1:]
	}
	if len(list) == 0 {
		return usage("%%run wants a file: %%run setup.go")
	}
	path := expand(h, list[0])
	if filepath.Ext(path) == ".ipynb" {
		nb, err := notebook.Read(path)
		if err != nil {
			return usage("cannot run %s: %v", list[0], err)
		}
		for _, cell := range nb.Cells() {
			if cell.Kind() != notebook.Code || cell.Tagged("skip-execution") {
				continue
			}
			if err := h.RunCell(ctx, cell.Source()); err != nil && !cell.Tagged("raises-exception") {
				return err
			}
		}
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return usage("cannot run %s: %v", list[0], errorOf(err))
	}
	if len(list) > 1 {
		if _, err := h.Run(ctx, setArguments(list[1:])); err != nil {
			return err
		}
	}
	return h.RunCell(ctx, string(text))
}}

var load = command{"%load file", "put the text of a file into the cell", func(_ context.Context, h Host, c Call, out display.Output) error {
	name := strings.Trim(c.Args, `"'`)
	if name == "" {
		return usage("%%load wants a file: %%load setup.go")
	}
	text, err := os.ReadFile(expand(h, name))
	if err != nil {
		return usage("cannot load %s: %v", name, errorOf(err))
	}
	editor, ok := out.(display.Editor)
	if !ok {
		return usage("%%load puts text into a cell, which is not possible here; %%run runs a file")
	}
	editor.ReplaceCell("// %load " + c.Args + "\n" + string(text))
	return nil
}}

// errorOf is an error of a file without the path, which was told already.
func errorOf(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}
