package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// Check is one thing that a machine must or should have.
type Check struct {
	Name   string
	Found  string // what is there
	Fix    string // what to do about it; "" when all is well
	Needed bool   // nothing works without it
	For    string // what it is needed for
}

// diskNeeded is about what a first set-up takes: JupyterLab, gonb, the worker and
// Go's build cache for them.
const diskNeeded = 3 << 30

// Examine looks at what the lab and the kernel need of this machine.
func Examine(ctx context.Context, cache string) []Check {
	return []Check{
		checkGo(ctx),
		checkCompiler(ctx),
		checkLinker(ctx),
		checkPython(ctx),
		checkCache(cache),
		checkDisk(cache),
		checkPort(),
	}
}

func checkGo(ctx context.Context) Check {
	c := Check{Name: "Go 1.26", Needed: true, For: "compiles the cells"}
	out, err := goCommand(ctx, "env", "GOVERSION").Output()
	if err != nil {
		c.Found = "the go command does not run: " + err.Error()
		c.Fix = "install Go 1.26 or newer from https://go.dev/dl and put its bin folder on PATH"
		return c
	}
	c.Found = strings.TrimSpace(string(out))
	var major, minor int
	if n, _ := fmt.Sscanf(c.Found, "go%d.%d", &major, &minor); n == 2 && (major < 1 || major == 1 && minor < 26) {
		c.Fix = "install Go 1.26 or newer from https://go.dev/dl"
	}
	return c
}

// checkCompiler tries the C compiler that Go would use.
func checkCompiler(ctx context.Context) Check {
	c := Check{Name: "C compiler", For: "packages with C code, and %%race"}
	fix := hint(packages{apt: "gcc libc6-dev", dnf: "gcc glibc-devel", pacman: "gcc", apk: "gcc musl-dev"})
	if runtime.GOOS == "darwin" {
		fix = "install it with: xcode-select --install"
	}
	out, err := goCommand(ctx, "env", "CGO_ENABLED", "CC").Output()
	if err != nil {
		c.Found, c.Fix = "unknown, because the go command does not run", "install Go first"
		return c
	}
	enabled, compiler, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	words := strings.Fields(compiler)
	if len(words) == 0 {
		words = []string{"cc"}
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		c.Found, c.Fix = fmt.Sprintf("%s is not there", words[0]), fix
		return c
	}
	cmd := exec.CommandContext(ctx, path, append(words[1:], "-fsyntax-only", "-x", "c", "-")...)
	cmd.Stdin = strings.NewReader("#include <stdlib.h>\n#include <dlfcn.h>\nint main(void) { return 0; }\n")
	if msg, err := cmd.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(string(msg), "\n")
		c.Found, c.Fix = fmt.Sprintf("%s does not compile a small program (%s)", path, first), fix
		return c
	}
	c.Found = path
	if enabled == "0" {
		c.Found += ", but cgo is off"
		c.Fix = "switch cgo on: unset CGO_ENABLED, or go env -w CGO_ENABLED=1"
	}
	return c
}

func checkLinker(ctx context.Context) Check {
	c := Check{Name: "linker (ld)", For: "packages with C code"}
	path, err := exec.LookPath("ld")
	if err != nil {
		c.Found = "ld is not there"
		c.Fix = hint(packages{apt: "binutils", dnf: "binutils", pacman: "binutils", apk: "binutils"})
		return c
	}
	c.Found = path
	if out, err := exec.CommandContext(ctx, path, "-v").CombinedOutput(); err == nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		c.Found += " (" + first + ")"
	}
	return c
}

func checkPython(ctx context.Context) Check {
	c := Check{Name: "Python 3.10 with venv", Needed: true, For: "the command lab; run needs none"}
	python, err := FindPython(ctx)
	if err != nil {
		c.Found, c.Fix, _ = cutLast(err.Error(), "; ")
		return c
	}
	c.Found = fmt.Sprintf("%s (%s)", python.Path, python.Version)
	return c
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func checkCache(cache string) Check {
	c := Check{Name: "cache folder", Needed: true, Found: cache, For: "keeps what was set up"}
	err := os.MkdirAll(cache, 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(cache, ".doctor-*"); err == nil {
			probe.Close()
			err = os.Remove(probe.Name())
		}
	}
	if err != nil {
		c.Found += " cannot be written: " + err.Error()
		c.Fix = "make it writable, or set XDG_CACHE_HOME to a folder that is"
	}
	return c
}

func checkDisk(cache string) Check {
	c := Check{Name: "disk space", For: "a first set-up takes about 3 GB with Go's own caches"}
	dir := cache
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		c.Found = "unknown: " + err.Error()
		return c
	}
	free := fs.Bavail * uint64(fs.Bsize)
	c.Found = fmt.Sprintf("%.1f GB free at %s", float64(free)/(1<<30), dir)
	if free < diskNeeded {
		c.Fix = "free some space, or set XDG_CACHE_HOME and GOCACHE to a larger disk"
	}
	return c
}

func checkPort() Check {
	c := Check{Name: "port for JupyterLab", For: "the command lab", Found: fmt.Sprintf("%d is free", DefaultPort)}
	if err := portFree(DefaultPort); err != nil {
		port, err := firstPort(portFree)
		if err != nil {
			c.Found, c.Fix = err.Error(), "end a program that holds one of them, or pass --port"
			return c
		}
		c.Found = fmt.Sprintf("%d is taken, so lab will use %d", DefaultPort, port)
	}
	return c
}
