package magic

import (
	"context"

	"locuslab/kernel/display"
)

var race = command{"%%race", "compile the cell as a standalone program and run it with the race detector, which reports the lines that race", func(ctx context.Context, h Host, c Call, _ display.Output) error {
	if c.Args != "" {
		return usage("%%%%race takes no arguments; the code begins in the next line")
	}
	return h.Race(ctx, c.Body)
}}
