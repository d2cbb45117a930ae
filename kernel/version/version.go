// Package version tells which build of the program this is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// String returns the program's version, the revision of its sources where the go command
// noted it, the version of Go and the platform.
func String() string {
	version, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	return fmt.Sprintf("locuslab %s%s %s %s/%s", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
