package scope_test

import (
	"go/token"
	"strings"
	"testing"

	"locuslab/kernel/session/scope"
)

// Whatever a user calls things, a later version of one has no name of the kernel's own.
func TestVersionsHaveNoNameOfTheKernels(t *testing.T) {
	own := map[string]bool{scope.ZeroName: true, scope.StopLocal: true, scope.SettledName: true, scope.ErrorName: true, scope.ResultName: true}
	for id := range 20 {
		own[scope.EntryName(id)], own[scope.StopName(id)] = true, true
	}
	for name := range own {
		if !scope.IsReserved(name) || !token.IsIdentifier(name) || token.IsExported(name) {
			t.Errorf("%s is the kernel's own", name)
		}
		users := strings.TrimRight(strings.ReplaceAll(name, scope.Reserved, ""), "0123456789")
		for id := range 20 {
			version := scope.VersionName(users, id)
			if own[version] || own[scope.EarlierName(users)] {
				t.Errorf("version %d of the user's %s is called %s", id, users, version)
			}
			if !scope.IsReserved(version) || !token.IsIdentifier(version) {
				t.Errorf("version %d of the user's %s is called %s", id, users, version)
			}
			if got := scope.Recognisable("undefined: " + version); got != "undefined: "+users {
				t.Errorf("%s is told as %q", version, got)
			}
		}
	}
	for message, want := range map[string]string{
		"cannot use x as " + scope.ErrorName + " value": "cannot use x as error value",
		"undefined: ǃp12_big.Foo":                       "undefined: big.Foo",
		"main.ǃinit2_57":                                "main.init",
		"T" + scope.Reserved + "7 has no field":         "T has no field",
		"größeǃ7ǃcopy and xǃearlier":                    "größe and x",
	} {
		if got := scope.Recognisable(message); got != want {
			t.Errorf("%q is told as %q, want %q", message, got, want)
		}
	}
}
