package build

import "strings"

// hidden reports whether a symbol that a unit defines must stay its own. Names
// that the compiler makes up repeat from unit to unit (closures, local types,
// initialisers, static temporaries): if the dynamic linker took another unit's,
// a local type would be printed with the wrong layout.
func hidden(name string) bool {
	if name == "go:link.pkghash."+packagePath || name == "go:link.pkghashbytes."+packagePath {
		return true // differs from unit to unit, and the loader would compare
	}
	if strings.Contains(name, "·") && strings.Contains(name, packagePath+".") {
		return true // a local type, or anything made of one
	}
	own, ok := strings.CutPrefix(name, packagePath+".")
	if !ok {
		return false
	}
	if strings.HasPrefix(own, ".") || own == "init" {
		return true
	}
	for _, prefix := range []string{"init.", "map.init", "glob.."} {
		if strings.HasPrefix(own, prefix) {
			return true
		}
	}
	for _, part := range []string{".func", "[", ".gowrap", ".deferwrap", "-range"} {
		if strings.Contains(own, part) {
			return true
		}
	}
	return false
}
