package build

import (
	"os"
	"regexp"
	"slices"
	"strings"
)

// The go command is asked in three places: in the notebook's folder, in the session's
// module and in the worker's. What it compiles must be the same in all of them, or a
// cell could not be loaded.

// folderEnv is the environment of the go command in the notebook's folder: the user's,
// but nothing may edit go.mod there.
func (w *Workspace) folderEnv() []string {
	flags := w.codeFlags()
	for _, flag := range w.goFlags() {
		if strings.HasPrefix(strings.TrimLeft(flag, "-"), "mod") && !strings.HasSuffix(flag, "=mod") {
			flags = append(flags, flag)
		}
	}
	return append(append(os.Environ(), w.target...), "GOFLAGS="+strings.Join(flags, " "), w.cgo())
}

// sessionEnv is the environment of the go command in the session's module, which it may
// add requirements to.
func (w *Workspace) sessionEnv() []string {
	return append(append(os.Environ(), w.target...), "GOFLAGS="+strings.Join(append(w.codeFlags(), "-mod=mod", "-buildvcs=false"), " "), "GOWORK=off", w.cgo(), "GO111MODULE=on")
}

// importEnv is the environment in which packages are looked for that cells import: as
// sessionEnv, unless AutoGet is off.
func (w *Workspace) importEnv() []string {
	if w.isFixed() {
		return append(w.sessionEnv(), "GOPROXY=off")
	}
	return w.sessionEnv()
}

var releaseName = regexp.MustCompile(`^go1\.\d+(\.\d+|rc\d+)?$`)

// workerEnv is the environment of what builds the worker: the settings of the folder
// that change code, and nothing that looks for a module or a workspace.
func (w *Workspace) workerEnv() []string {
	env := append(os.Environ(), "GOFLAGS="+strings.Join(append(w.codeFlags(), "-buildvcs=false"), " "), "GOWORK=off", w.cgo(), "GO111MODULE=on")
	if releaseName.MatchString(w.tool.GOVERSION) { // the folder's go line may have chosen it
		env = append(env, "GOTOOLCHAIN="+w.tool.GOVERSION)
	}
	for _, s := range []struct{ name, value string }{{"GOEXPERIMENT", w.tool.GOEXPERIMENT}, {"GOAMD64", w.tool.GOAMD64}, {"GOARM64", w.tool.GOARM64}} {
		if s.value != "" { // go env -w is not for the compiler
			env = append(env, s.name+"="+s.value)
		}
	}
	return env
}

// cgo is the setting by which packages have their C code, or what stands for it in Go.
func (w *Workspace) cgo() string {
	if w.hasC() {
		return "CGO_ENABLED=1"
	}
	return "CGO_ENABLED=0"
}

// notOfCode are the go command's flags that do not change what packages are compiled
// to, or that a worker cannot have: it has no race detector.
var notOfCode = []string{
	"-mod", "-modfile", "-modcacherw", "-buildvcs", "-ldflags", "-v", "-x", "-n", "-p", "-a", "-work", "-json", "-o", "-C",
	"-race", "-msan", "-asan", "-cover", "-covermode", "-coverpkg", "-buildmode", "-linkshared", "-count", "-trimpath=false", "-vet",
}

// codeFlags are those of GOFLAGS that change what packages are compiled to.
func (w *Workspace) codeFlags() []string {
	return slices.DeleteFunc(w.goFlags(), func(flag string) bool {
		name, _, _ := strings.Cut("-"+strings.TrimLeft(strings.Trim(flag, `'"`), "-"), "=")
		return slices.Contains(notOfCode, name)
	})
}

// goFlags are the flags of GOFLAGS, from the environment or go env -w, each as it is
// written there: one that has spaces in it is quoted.
func (w *Workspace) goFlags() (flags []string) {
	for rest := strings.TrimSpace(w.tool.GOFLAGS); rest != ""; rest = strings.TrimSpace(rest) {
		end := strings.IndexAny(rest, " \t\n")
		if quote := rest[:1]; quote == `'` || quote == `"` {
			if i := strings.Index(rest[1:], quote); i >= 0 {
				end = i + 2
			}
		}
		if end < 0 {
			end = len(rest)
		}
		flags = append(flags, rest[:end])
		rest = rest[end:]
	}
	return flags
}
