package build

import "fmt"

// Mode is a way to link a cell. The zero value chooses by itself.
type Mode int

const (
	// Auto is Loader where the Go release is known, and else Linked.
	Auto Mode = iota
	// Stub links the cell alone, against the symbols of the live worker; what
	// the worker lacks is linked in as by Mixed, but Full is never used.
	Stub
	// Mixed links the packages that the worker lacks into the cell, and takes
	// the rest from the worker. As a setting it links the packages that the cell
	// imports in any case, as far as they need nothing more of the runtime.
	Mixed
	// Full is Go's own plugin link, with documented flags.
	Full
	// Linked takes Stub, falls back to Mixed when the worker lacks something that the
	// cell needs, and to Full when that does not work either.
	Linked
	// Loader has the worker link cells into itself; see package loader.
	Loader
)

var modeNames = [...]string{Auto: "auto", Stub: "stub", Mixed: "mixed", Full: "full", Linked: "linked", Loader: "loader"}

// String is the name that ParseMode reads.
func (m Mode) String() string {
	if m < 0 || int(m) >= len(modeNames) {
		return fmt.Sprintf("Mode(%d)", int(m))
	}
	return modeNames[m]
}

// ParseMode reads a mode's name; the empty name is Auto.
func ParseMode(name string) (Mode, error) {
	if name == "" {
		return Auto, nil
	}
	for m, n := range modeNames {
		if n == name {
			return Mode(m), nil
		}
	}
	return Auto, fmt.Errorf("link mode %q is unknown: use auto, loader, linked, stub, mixed or full", name)
}
