package magic

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"locuslab/kernel/display"
)

// gonb's special commands, as far as they mean something where values live on:
// a cell here is no program of its own, so what concerns the building of one is
// accepted and says that it has no effect.

// arguments are gonb's: %% begins the body of main, which here is the cell
// itself, and what stands behind it are the program's arguments.
var arguments = command{"%% [arguments], %main [arguments], %args arguments", "set os.Args and parse the flags that were declared", func(ctx context.Context, h Host, c Call, _ display.Output) error {
	if c.Args == "" {
		return nil
	}
	list, err := words(c.Args)
	if err == nil {
		_, err = h.Run(ctx, setArguments(list))
	}
	return err
}}

var execFunction = command{"%exec function [arguments]", "call a function that was declared, with these arguments of the program", func(ctx context.Context, h Host, c Call, _ display.Output) error {
	list, err := words(c.Args)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return usage("%%exec wants the name of a function that takes nothing: %%exec report --all")
	}
	_, err = h.Run(ctx, setArguments(list[1:])+"\n"+list[0]+"();")
	return err
}}

// setArguments is a cell that sets the program's arguments and parses its flags. An
// argument that package flag refuses fails the cell: by default it would end the
// process, and every value with it.
func setArguments(words []string) string {
	code := "os.Args = []string{os.Args[0]"
	for _, word := range words {
		code += ", " + strconv.Quote(word)
	}
	return code + `}
if flags := flag.CommandLine; true {
	name, handling := flags.Name(), flags.ErrorHandling()
	flags.Init(name, flag.ContinueOnError)
	err := flags.Parse(os.Args[1:])
	flags.Init(name, handling)
	if err != nil { return err }
};`
}

var inputs = command{"%with_inputs, %with_password", "have the next shell command ask for its input, as every command that waits for input does; with_password hides it", func(_ context.Context, h Host, c Call, _ display.Output) error {
	if c.Name == "with_password" {
		h.HideNext()
	}
	return nil
}}

var autoget = command{"%autoget, %noautoget", "whether imports fetch modules that are missing; they do unless told otherwise", func(_ context.Context, h Host, c Call, _ display.Output) error {
	h.AutoGet(c.Name == "autoget")
	return nil
}}

var track = command{"%track, %untrack [folder]", "accepted from gonb's notebooks; here %reload takes in packages that have changed on disk", func(_ context.Context, _ Host, c Call, out display.Output) error {
	out.Display(display.Notice(fmt.Sprintf("%%%s has no effect: a cell is told when a package that it imported has changed on disk, and %%reload takes the change in", c.Name)))
	return nil
}}

var workFix = command{"%goworkfix", "accepted from gonb's notebooks; nothing is needed here, as cells see the folder's go.work", func(context.Context, Host, Call, display.Output) error { return nil }}

var withoutEffect = command{"%goflags", "accepted from gonb's notebooks; has no effect here, as cells are not built by go build", func(_ context.Context, _ Host, c Call, out display.Output) error {
	if c.Args != "" && strings.Trim(c.Args, `"`) != "" {
		out.Display(display.Notice(fmt.Sprintf("%%goflags %s has no effect: cells are compiled one by one, not by go build", c.Args)))
	}
	return nil
}}

var widgets = command{"%widgets, %widgets_hb", "connect gonbui's widgets with the page, which also happens by itself; ask whether it answers", func(ctx context.Context, h Host, c Call, out display.Output) error {
	if c.Name == "widgets_hb" {
		said := "no heartbeat: the page has not been connected (%widgets), or is gone"
		if h.PageAnswers(ctx) {
			said = "heartbeat: the page answers"
		}
		out.Display(display.Text(said))
		return nil
	}
	return h.ConnectPage(ctx)
}}

var forPage = command{"%wasm", "compile the cell for WebAssembly and run it in the page, with what it needs of earlier cells' declarations; GonbWasmDivId names an element of the cell's output", func(ctx context.Context, h Host, c Call, _ display.Output) error {
	if c.Args != "" {
		return usage("%%wasm takes no arguments; those of the program stand behind %%%%")
	}
	return h.ServeFiles(ctx)
}}
