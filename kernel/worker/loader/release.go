package loader

import (
	"fmt"
	"runtime"
	"strings"

	"locuslab/kernel/build/goobj"
)

// A release is what differs between Go releases in all that the loader reads and
// writes. A new release gets a line in releases once the tests pass with it; what the
// line gets wrong, the comparison in runtime.go finds.
type release struct {
	prefix string
	// initOrder is the number of the relocation R_INITORDER, before which some are
	// added from time to time.
	initOrder goobj.RelocType
	// pclntabEnd tells that moduledata has the field epclntab.
	pclntabEnd bool
}

var releases = []release{
	{prefix: "go1.26", initOrder: 99, pclntabEnd: true},
	{prefix: "go1.25", initOrder: 95, pclntabEnd: false},
}

// Newest is a release that is known, for those who have one that is not.
const Newest = "go1.26.0"

func knownRelease() (*release, error) { return findRelease(runtime.Version()) }

// Known reports whether cells can be loaded into a program that a Go release built,
// as far as its name tells: go1.26.8.
func Known(version string) bool {
	_, err := findRelease(version)
	return err == nil
}

func findRelease(version string) (*release, error) {
	for i := range releases {
		if rest, ok := strings.CutPrefix(version, releases[i].prefix); ok && (rest == "" || strings.ContainsAny(rest[:1], ". -")) {
			return &releases[i], nil
		}
	}
	return nil, fmt.Errorf("loading cells is not known to work with %s, only with Go 1.25 and 1.26", version)
}
