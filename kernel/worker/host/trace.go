package host

import (
	"context"
	"fmt"
	"os"
	"runtime/trace"

	"locuslab/kernel/worker/wire"
)

// trace begins to write the runtime's execution trace to a file, or ends it where
// none is named.
func (h *host) trace(file string) error {
	if file == "" {
		trace.Stop()
		if h.traced == nil {
			return nil
		}
		err := h.traced.Close()
		h.traced = nil
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("trace the cell: %w", err)
	}
	if err := trace.Start(f); err != nil { // the user's code traces already
		f.Close()
		return fmt.Errorf("trace the cell: %w", err)
	}
	h.traced = f
	return nil
}

// markTrace is called by the cell's goroutine as the cell begins and ends.
func (r *run) markTrace() {
	if r.command.Entry != "" && trace.IsEnabled() {
		trace.Log(context.Background(), wire.TraceMark, "")
	}
}
