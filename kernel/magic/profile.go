package magic

import (
	"context"

	"locuslab/kernel/display"
)

var (
	profCell = command{"%%prof", "run the cell and draw where it was busy: a flame graph of its CPU time", profiler("prof", Host.CPU)}
	memCell  = command{"%%mem", "run the cell and report what each of its lines allocated", profiler("mem", Host.Memory)}
)

func profiler(name string, run func(Host, context.Context, string) error) run {
	return func(ctx context.Context, h Host, c Call, _ display.Output) error {
		if c.Args != "" {
			return usage("%%%%%s takes no arguments; the code begins in the next line", name)
		}
		return run(h, ctx, c.Body)
	}
}
