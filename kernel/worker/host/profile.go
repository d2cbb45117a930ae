package host

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

// everyByte is the rate at which each allocation is noted.
const everyByte = 1

// profile begins or ends to write down where the worker is busy, or what it has allocated
// so far, into a file.
func (h *host) profile(what, file string) error {
	switch what {
	case "cpu":
		f, err := os.Create(file)
		if err != nil {
			return fmt.Errorf("profile the cell: %w", err)
		}
		if err := pprof.StartCPUProfile(f); err != nil { // the user's code profiles already
			return errors.Join(fmt.Errorf("profile the cell: %w", err), f.Close())
		}
		h.profiled = f
	case "cpu end":
		if h.profiled == nil {
			return nil
		}
		pprof.StopCPUProfile()
		err := h.profiled.Close()
		h.profiled = nil
		return err
	case "allocations", "allocations end":
		if what == "allocations" {
			h.memoryRate, runtime.MemProfileRate = runtime.MemProfileRate, everyByte
		} else {
			defer func() { runtime.MemProfileRate = h.memoryRate }()
		}
		f, err := os.Create(file)
		if err != nil {
			return fmt.Errorf("profile the cell: %w", err)
		}
		for range 2 { // what was allocated since the last collection but one is not told
			runtime.GC()
		}
		return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
	}
	return nil
}
