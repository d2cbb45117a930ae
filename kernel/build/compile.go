package build

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// compile turns the unit's source into an archive.
//
// Flags: -p names the one package that all cells grow; -dynlink makes code that
// reaches other objects' symbols through the GOT; -linkshared makes it refer to
// them by name; one backend goroutine (-c=1) and no garbage collection are the
// fastest for so little code; DWARF is left out (stack traces and profiles use
// the line tables of the runtime, which stay).
func (j *job) compile(ctx context.Context) error {
	b := j.b
	needed := append([]string{"runtime", "runtime/cgo"}, j.unit.Imports...)
	var err error
	if j.imports, err = b.w.Exports(ctx, needed...); err != nil {
		return fmt.Errorf("build unit %d: %w", j.unit.ID, err)
	}
	config, err := j.writeConfig("compile.cfg", func(path, file string) string {
		return "packagefile " + path + "=" + file + "\n"
	})
	if err != nil {
		return err
	}
	source := j.file("cell.go")
	if err := os.WriteFile(source, j.unit.Source, 0o644); err != nil {
		return fmt.Errorf("build unit %d: %w", j.unit.ID, err)
	}
	linked, err := j.linkerImports(nil)
	if err != nil {
		return err
	}
	j.archive = j.file("cell.a")
	return j.runCompiler(ctx, config, linked, source)
}

func (j *job) runCompiler(ctx context.Context, config string, sources ...string) error {
	t := j.b.w.tool
	args := []string{"-o", j.archive, "-p", packagePath, "-lang=go" + languageVersion(t.GOVERSION), "-c=1", "-dynlink", "-dwarf=false", "-pack", "-importcfg", config}
	if j.b.w.fast {
		args = append(args, "-linkshared")
	}
	if len(j.unit.Embed.Patterns) > 0 {
		config, err := json.Marshal(j.unit.Embed)
		if err == nil {
			err = os.WriteFile(j.file("embed.cfg"), config, 0o644)
		}
		if err != nil {
			return fmt.Errorf("build unit %d: list its embedded files: %w", j.unit.ID, err)
		}
		args = append(args, "-embedcfg", j.file("embed.cfg"))
	}
	if err := run(ctx, j.dir, []string{"GOGC=off"}, t.tool("compile"), append(args, sources...)...); err != nil {
		if e, ok := err.(*toolError); ok {
			return &CompileError{Unit: j.unit.ID, Output: e.output}
		}
		return err
	}
	if j.b.w.fast {
		return rewriteTypeNames(j.archive, nameRewriter(j.unit.Rename))
	}
	return nil
}

// linkerImports writes the file that goes before the unit's own. Its imports are
// for the linker, which loads no package that no loaded package imports; its
// function comes first in the object, as the runtime has no name for the first
// one, and stack traces would miss it.
func (j *job) linkerImports(extra []string) (string, error) {
	var text strings.Builder
	text.WriteString("package main\n\nimport (\n\t_ \"runtime\"\n\t_ \"unsafe\"\n")
	for _, p := range append([]string{"runtime/cgo"}, extra...) {
		if _, ok := j.imports[p]; ok {
			fmt.Fprintf(&text, "\t_ %q\n", p)
		}
	}
	text.WriteString(")\n\nfunc NBFirst() {}\n")
	if j.b.w.fast {
		// The shim's assembly names the variable; only an exported name makes the linker keep it.
		text.WriteString("\n//go:linkname addModuleData locuslab.addModuleData\nvar addModuleData uintptr\n\nvar NBModuleData = &addModuleData\n")
	}
	file := j.file("imports.go")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		return "", fmt.Errorf("build unit %d: %w", j.unit.ID, err)
	}
	return file, nil
}

// toolError is a tool's exit with what it said.
type toolError struct {
	tool   string
	err    error
	output string
}

func (e *toolError) Error() string {
	return fmt.Sprintf("%s: %v: %s", e.tool, e.err, strings.TrimSpace(e.output))
}
func (e *toolError) Unwrap() error { return e.err }

// run runs a tool to its end; its output is kept for the error.
func run(ctx context.Context, dir string, env []string, tool string, args ...string) error {
	_, err := output(ctx, dir, env, tool, args...)
	return err
}

func output(ctx context.Context, dir string, env []string, tool string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", &toolError{tool: tool, err: err, output: said.String()}
	}
	return said.String(), nil
}
