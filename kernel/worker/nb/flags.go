package nb

import (
	"flag"
	"slices"
)

// ForgetFlags takes flags of the given names out of the program's, so that they can
// be redeclared. The others stay as they are, their values included.
func ForgetFlags(names ...string) {
	old := flag.CommandLine
	found := false
	old.VisitAll(func(f *flag.Flag) { found = found || slices.Contains(names, f.Name) })
	if !found {
		return
	}
	// A FlagSet forgets nothing, so another takes its place.
	now := flag.NewFlagSet(old.Name(), old.ErrorHandling())
	now.SetOutput(old.Output())
	now.Usage = flag.Usage
	old.VisitAll(func(f *flag.Flag) {
		if !slices.Contains(names, f.Name) {
			now.Var(f.Value, f.Name, f.Usage)
			now.Lookup(f.Name).DefValue = f.DefValue
		}
	})
	flag.CommandLine = now
}
