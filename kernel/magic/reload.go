package magic

import (
	"context"

	"locuslab/kernel/display"
)

var reload = command{"%reload", "import packages of the module anew that have changed on disk; values stay", func(ctx context.Context, h Host, c Call, out display.Output) error {
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
