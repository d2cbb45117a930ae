package magic

import (
	"context"

	"locuslab/kernel/display"
)

var traceCell = command{"%%trace", "run the cell and draw what each of its goroutines did when", func(ctx context.Context, h Host, c Call, _ display.Output) error {
	if c.Args != "" {
		return usage("%%%%trace takes no arguments; the code begins in the next line")
	}
	return h.Trace(ctx, c.Body)
}}
