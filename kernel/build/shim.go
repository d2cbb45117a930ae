package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// A plugin linked with -linkshared registers itself by runtime.addmoduledata,
// but the linker takes that function for the plugin's own and fills its place
// with padding. The shim is what should be there: a function of that name which
// jumps through a variable of the worker (package moduledata) to the real one.
var shimSource = map[string]string{
	"amd64": `#include "textflag.h"
TEXT runtime·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	MOVQ $locuslab·addModuleData(SB), AX
	MOVQ (AX), AX
	JMP AX
`,
	"arm64": `#include "textflag.h"
TEXT runtime·addmoduledata(SB), NOSPLIT|NOFRAME, $0-0
	MOVD $locuslab·addModuleData(SB), R16
	MOVD (R16), R16
	JMP (R16)
`,
}

// moduleDataShim assembles the shim, once for a toolchain.
func (w *Workspace) moduleDataShim(ctx context.Context) (string, error) {
	source := shimSource[w.tool.GOARCH]
	object := filepath.Join(w.home, "shim.o")
	text := object[:len(object)-1] + "s"
	if old, err := os.ReadFile(text); err == nil && string(old) == source && exists(object) {
		return object, nil
	}
	temp, err := os.MkdirTemp(w.home, "shim-")
	if err != nil {
		return "", fmt.Errorf("assemble the cells' shim: %w", err)
	}
	defer os.RemoveAll(temp)
	in, out := filepath.Join(temp, "shim.s"), filepath.Join(temp, "shim.o")
	if err := os.WriteFile(in, []byte(source), 0o644); err != nil {
		return "", fmt.Errorf("assemble the cells' shim: %w", err)
	}
	include := filepath.Join(w.tool.GOROOT, "pkg", "include")
	if err := run(ctx, temp, nil, w.tool.tool("asm"), "-I", include, "-dynlink", "-p", "main", "-o", out, in); err != nil {
		return "", fmt.Errorf("assemble the cells' shim: %w", err)
	}
	if err := os.Rename(out, object); err != nil {
		return "", fmt.Errorf("keep the cells' shim: %w", err)
	}
	return object, writeFile(text, []byte(source))
}
