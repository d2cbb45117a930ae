package toolchain

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"locuslab/kernel/build/goobj"
)

// cNames are the names of C code that packages refer to. Some are of functions in shared
// libraries, whose addresses only the system's linker finds.
func cNames(archives map[string]string) ([]string, error) {
	names := map[string]bool{}
	for path, file := range archives {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("look for C in package %s: %w", path, err)
		}
		if path == cgoRuntime || !bytes.Contains(b, []byte("cgo_import_static")) {
			continue
		}
		a, err := goobj.ParseArchive(b)
		if err != nil {
			return nil, fmt.Errorf("look for C in package %s: %w", path, err)
		}
		for _, o := range a.Objects {
			for i := range o.ByName {
				if o.StandsForC(i) {
					names[strings.Clone(o.Name(i).Text)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}
