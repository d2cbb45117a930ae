package gosuite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// printed is what a program or a notebook wrote.
type printed struct {
	stdout, stderr string
	status         int // exit status of a program
}

// A reference is a program as plain Go builds it.
type reference struct {
	exe string
	dir string
}

// buildReference builds a program with the go command.
func buildReference(ctx context.Context, p Program, dir string) (*reference, error) {
	r := &reference{exe: filepath.Join(dir, "program"), dir: dir}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", r.exe, p.Path)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build %s: %w\n%s", p.Path, err, out)
	}
	return r, nil
}

// run runs the program.
func (r *reference) run(ctx context.Context) (*printed, error) {
	var stdout, stderr bytes.Buffer
	argv := limited(r.exe)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = r.dir
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the program did not end: %w", context.Cause(ctx))
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return &printed{shownAs(stdout.String()), shownAs(stderr.String()), cmd.ProcessState.ExitCode()}, nil
}

// limited is a command line with a bound on the memory of what it starts. It has to
// leave room for the address space that Go reserves.
func limited(argv ...string) []string {
	return append([]string{"sh", "-c", `ulimit -v 12000000; exec "$@"`, "sh"}, argv...)
}

// shownAs is text as a message of a kernel can carry it: in UTF-8, with U+FFFD for
// each byte that is not.
func shownAs(text string) string { return string([]rune(text)) }

// difference describes in which stream and line two outputs part; "" when they are equal.
func difference(want, got *printed) string {
	var b strings.Builder
	for _, s := range []struct{ name, want, got string }{
		{"standard output", want.stdout, got.stdout}, {"standard error", want.stderr, got.stderr},
	} {
		if s.want == s.got {
			continue
		}
		wantLines, gotLines := strings.SplitAfter(s.want, "\n"), strings.SplitAfter(s.got, "\n")
		n := 0
		for n < len(wantLines) && n < len(gotLines) && wantLines[n] == gotLines[n] {
			n++
		}
		fmt.Fprintf(&b, "%s, line %d:\n  Go:    %s\n  cells: %s\n", s.name, n+1, lineOf(wantLines, n), lineOf(gotLines, n))
	}
	return b.String()
}

func lineOf(lines []string, n int) string {
	if n >= len(lines) {
		return "(nothing more)"
	}
	if line := lines[n]; len(line) > 300 {
		return fmt.Sprintf("%q…", line[:300])
	}
	return fmt.Sprintf("%q", lines[n])
}
