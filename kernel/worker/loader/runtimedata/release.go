package runtimedata

import (
	"fmt"
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
	InitOrder goobj.RelocType
	// words are the fields of moduledata between those of moduleHead and of moduleTail.
	words string
	// typelinks tells that moduledata lists its types for reflect. From Go 1.27 on, the
	// runtime keeps the lists in a map.
	typelinks bool
}

var releases = []release{
	{prefix: "go1.27", InitOrder: 102, words: "types typedesclen etypes itaboffset itabsize rodata gofunc epclntab"},
	{prefix: "go1.26", InitOrder: 99, words: "types etypes rodata gofunc epclntab", typelinks: true},
	{prefix: "go1.25", InitOrder: 95, words: "types etypes rodata gofunc", typelinks: true},
}

// Newest is a release that is known, for those who have one that is not.
const Newest = "go1.26.8"

// CheckRelease says what is wrong with a Go release, as far as its name tells (go1.26.8):
// nil if cells can be loaded into a program that it built.
func CheckRelease(version string) error {
	_, err := findRelease(version)
	return err
}

func findRelease(version string) (*release, error) {
	var known []string
	for i := range releases {
		if rest, ok := strings.CutPrefix(version, releases[i].prefix); ok && (rest == "" || strings.ContainsAny(rest[:1], ". -")) {
			return &releases[i], nil
		}
		known = append(known, releases[i].prefix)
	}
	return nil, fmt.Errorf("cells cannot be loaded with %s, only with releases of %s", version, strings.Join(known, " and "))
}
