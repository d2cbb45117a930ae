package session

import (
	"context"
	"fmt"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
)

// Race implements magic.Host: the cell runs as a standalone program, with Go's race
// detector, and each race is told with the lines of the cells that took part.
func (h host) Race(ctx context.Context, code string) error {
	program, run, err := h.runStandalone(ctx, code, build.Program{Race: true})
	if err != nil {
		return err
	}
	races := program.Sources.Races(run.reports)
	for i, text := range races {
		h.out.Write(display.Stdout, fmt.Sprintf("DATA RACE %d of %d\n%s\n", i+1, len(races), text))
	}
	switch len(races) {
	case 0:
		h.out.Write(display.Stdout, "%%race: no data race found in this run\n")
	case 1:
		h.out.Write(display.Stdout, "%%race: 1 data race found\n")
	default:
		h.out.Write(display.Stdout, fmt.Sprintf("%%%%race: %d data races found\n", len(races)))
	}
	return run.failure()
}
