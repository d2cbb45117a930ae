package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"locuslab/kernel/leftovers"
)

// The Go linker ends by running the C compiler driver on the object go.o that it
// made. Here it gets printf(1) for a driver: that says yes to the linker's
// probes and prints the arguments of the real call, which this package then
// executes itself, after it has changed a few symbols of go.o. No C compiler is
// started for a cell, and only ld for the last step. Build ids and compressed debug
// sections are off because each costs a probe, and a cell needs neither.

// argumentsFollow is the first thing that the driver prints.
const argumentsFollow = "locuslab-arguments"

// linkPlan is what a link does differently from others.
type linkPlan struct {
	mode    Mode
	config  string // importcfg
	archive string
	flags   []string // for the Go linker
	objects []string // for ld, besides go.o
	hidden  func(symbol string) bool
	// packages says that packages are linked into the unit, whose C parts may need libraries.
	packages bool
	// outside are the Go names that the stub has; nil for a link without one.
	outside map[string]bool
}

func (j *job) runLink(ctx context.Context, p linkPlan) error {
	temp, err := leftovers.MkdirTemp(fastTemp(), "link")
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	defer os.RemoveAll(temp)
	printf, err := exec.LookPath("printf")
	if err != nil {
		return fmt.Errorf("link unit %d: find printf(1), which every Unix has: %w", j.unit.ID, err)
	}
	args := append([]string{"-o", j.out, "-importcfg", p.config, "-buildmode=plugin", "-pluginpath", packagePath, "-s", "-w", "-B", "none", "-compressdwarf=false", "-tmpdir", temp, "-extld=" + printf + ` '%s\n' ` + argumentsFollow}, p.flags...)
	said, err := output(ctx, j.dir, []string{"GOGC=off"}, j.b.w.tool.tool("link"), append(args, p.archive)...)
	if err != nil {
		return j.linkError(p.mode, err)
	}
	goObject := filepath.Join(temp, "go.o")
	undefined, err := patchObject(goObject, j.pluginPath(), p.hidden, functionNamer(j.unit.Rename))
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	if p.outside != nil {
		if err := j.checkComplete(p.mode, undefined, p.outside); err != nil {
			return err
		}
	}
	_, said, _ = strings.Cut(said, argumentsFollow+"\n") // warnings may come before
	driverArgs := strings.Split(strings.TrimSuffix(said, "\n"), "\n")
	ld, ldErr := findLd()
	if ldErr == nil {
		objects := p.objects
		if p.packages {
			objects = append(objects, j.b.w.libgcc(ctx))
		}
		err = run(ctx, j.dir, nil, ld, ldCall(j.b.w.tool.GOARCH, driverArgs, objects)...)
	}
	if ldErr != nil || err != nil && p.packages {
		// A package of C++, say, needs what only the driver knows.
		cc := strings.Fields(j.b.w.tool.CC)
		if slices.Contains(driverArgs, "-lstdc++") {
			cc = []string{"g++"}
		}
		err = run(ctx, j.dir, nil, cc[0], append(cc[1:], driverCall(driverArgs, p.objects)...)...)
	}
	return j.linkError(p.mode, err)
}

// pluginPath must be of the unit's own: the runtime takes a second plugin of one
// path for the first.
func (j *job) pluginPath() string { return fmt.Sprintf("c%d", j.unit.ID) }

func (j *job) linkError(mode Mode, err error) error {
	var t *toolError
	if errors.As(err, &t) {
		return &LinkError{Unit: j.unit.ID, Mode: mode, Output: t.output}
	}
	return err
}

// driverCall drops what only a stub link's probe needs.
func driverCall(args, objects []string) []string {
	var call []string
	for i, a := range args {
		if isStubArgument(args, i) || strings.HasPrefix(a, "-Wl,-rpath") || a == "-Qunused-arguments" || a == "" {
			continue
		}
		call = append(call, a)
	}
	return append(call, objects...)
}

// isStubArgument reports whether an argument names the stub as a library: the
// cell must not want to load it.
func isStubArgument(args []string, i int) bool {
	stub := "-l" + strings.TrimSuffix(stubName, ".so")
	if args[i] == "-lstub" || args[i] == stub || filepath.Base(args[i]) == stubName {
		return true
	}
	return strings.HasPrefix(args[i], "-L") && i+2 < len(args) && (args[i+1] == stub || args[i+2] == stub)
}

// ldCall turns the arguments of a C compiler driver into those of ld.
func ldCall(goarch string, args, objects []string) []string {
	call := []string{"-m", map[string]string{"amd64": "elf_x86_64", "arm64": "aarch64linux"}[goarch]}
	for i, a := range args {
		switch {
		case isStubArgument(args, i), strings.HasPrefix(a, "-Wl,-rpath"), a == "":
		case a == "-m64", a == "-pthread", a == "-O2", a == "-g", a == "-fuse-ld=gold", a == "-fuse-ld=bfd", a == "-Qunused-arguments":
		case a == "-rdynamic":
			call = append(call, "--export-dynamic")
		case strings.HasPrefix(a, "-Wl,"):
			call = append(call, strings.Split(a[len("-Wl,"):], ",")...)
		default:
			call = append(call, a)
		}
	}
	return append(call, objects...)
}

// findLd is the linker of the system. For objects this small ld.bfd is the fastest.
var findLd = sync.OnceValues(func() (string, error) {
	for _, name := range []string{"ld.bfd", "ld"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("find ld, the system's linker: install binutils (Debian, Ubuntu: apt install binutils)")
})

// fastTemp is a folder in memory where there is one.
var fastTemp = sync.OnceValue(func() string {
	if d, err := leftovers.MkdirTemp(leftovers.Memory, "probe"); err == nil {
		os.Remove(d)
		return leftovers.Memory
	}
	return os.TempDir()
})
