package magic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"locuslab/kernel/display"
)

var (
	who = command{"%who, %ls", "list what the session has declared", func(_ context.Context, h Host, _ Call, out display.Output) error {
		list := h.Declared()
		if len(list) == 0 {
			out.Write(display.Stdout, "nothing is declared yet\n")
			return nil
		}
		var b strings.Builder
		w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
		for _, d := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\n", d.Kind, d.Name, d.Type)
		}
		w.Flush()
		out.Write(display.Stdout, b.String())
		return nil
	}}
	whos = command{"%whos", "the variables with their types, sizes and values", func(ctx context.Context, h Host, _ Call, _ display.Output) error {
		return h.Whos(ctx)
	}}
	reset = command{"%reset [go.mod]", "forget all that was declared and start a new process; with go.mod, forget only which modules were added", func(ctx context.Context, h Host, c Call, out display.Output) error {
		switch c.Args {
		case "", "-f": // IPython asks without it
		case "go.mod":
			if err := h.ResetModule(ctx); err != nil {
				return err
			}
			out.Write(display.Stdout, "go.mod is as it was before modules were added; declarations and values stay\n")
			return nil
		default:
			return usage("%%reset takes nothing, or go.mod")
		}
		if err := h.Reset(ctx); err != nil {
			return err
		}
		out.Write(display.Stdout, "forgotten: all declarations and values\n")
		return nil
	}}
	remove = command{"%rm name …, %del name …", "forget names", func(ctx context.Context, h Host, c Call, out display.Output) error {
		names := strings.Fields(c.Args)
		if len(names) == 0 {
			return usage("%%rm wants the names to forget: %%rm x y")
		}
		missing, err := h.Forget(ctx, names)
		if err != nil {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(missing, name) })
		if len(names) > 0 {
			out.Write(display.Stdout, "forgotten: "+strings.Join(names, ", ")+"\n")
		}
		if len(missing) > 0 {
			return usage("nothing is declared by the name %s", strings.Join(missing, ", "))
		}
		return nil
	}}
)
