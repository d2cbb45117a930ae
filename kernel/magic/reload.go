package magic

import (
	"context"

	"locuslab/kernel/display"
)

var reload = command{"%reload", "reload packages of the module that have changed on disk; values are kept", func(ctx context.Context, h Host, c Call, out display.Output) error {
	if c.Args != "" {
		return usage("%%reload takes no arguments: it finds out what has changed")
	}
	said, err := h.Reload(ctx)
	if err != nil {
		return err
	}
	out.Write(display.Stdout, said)
	return nil
}}
