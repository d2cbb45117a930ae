package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"locuslab/kernel/jupyter/client"
)

// A loop of a user: the variables that it works on, the statements, and what to
// print so that nothing of it is removed.
type loop struct {
	name, variables, body, result string
}

//go:embed loops.txtar
var loopsText []byte

// readLoops reads loops.txtar.
func readLoops() ([]loop, error) {
	var list []loop
	for _, f := range txtar.Parse(loopsText).Files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		name, variables := strings.CutSuffix(f.Name, ": variables")
		switch {
		case variables:
			list = append(list, loop{name: name, variables: text})
		case f.Name == "body" && len(list) > 0:
			list[len(list)-1].body = text
		case f.Name == "result" && len(list) > 0:
			list[len(list)-1].result = text
		default:
			return nil, fmt.Errorf("loops.txtar: unknown section %q", f.Name)
		}
	}
	return list, nil
}

// timed are the statements with their own clock: compile time is not in it.
func (l loop) timed() string {
	return "began := time.Now()\n" + l.body + "\nfmt.Println(time.Since(began).Nanoseconds(), " + l.result + ")"
}

func (l loop) program() string {
	imports := "\"fmt\"; \"time\""
	for _, path := range []string{"math", "strings"} {
		if strings.Contains(l.variables+l.body+l.result, path+".") {
			imports += "; \"" + path + "\""
		}
	}
	return "package main\n\nimport (" + imports + ")\n\nfunc main() {\n" + l.variables + "\n" + l.timed() + "\n}\n"
}

// A place is where the same loop stands in a notebook. Each round runs its cells;
// the last one prints the time.
type place struct {
	name  string
	cells func(l loop, round int) []string
}

var places = []place{
	{"top of a cell, its own variables", func(l loop, round int) []string {
		return []string{fmt.Sprintf("// round %d\n%s\n%s", round, l.variables, l.timed())}
	}},
	{"in a function", func(l loop, round int) []string {
		return []string{fmt.Sprintf("func work%d() {\n%s\n%s\n}", round, l.variables, l.timed()), fmt.Sprintf("work%d()", round)}
	}},
	{"top of a cell, variables of an earlier cell", func(l loop, round int) []string {
		return []string{l.variables, fmt.Sprintf("// round %d\n%s", round, l.timed())}
	}},
}

// loops compares the user's own code in the first kernel with the same code in a
// compiled program's main. The rounds of all places alternate, so that a busy
// moment of the machine hits them alike; the fastest round of each is the least
// disturbed.
func loops(ctx context.Context, o options, kernels []kernel) error {
	k := kernels[0]
	list, err := readLoops()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, l := range list {
		progress("loops: %s …", l.name)
		row, err := timeLoop(ctx, k, l, o.rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		rows = append(rows, row)
	}
	fmt.Printf("### The user's own loops (%s), fastest of %d rounds, ms, and ratio to a compiled program's main\n\n", k.name, o.rounds)
	header := []string{"loop", "compiled main"}
	for _, p := range places {
		header = append(header, p.name)
	}
	printTable(header, rows)
	return nil
}

func timeLoop(ctx context.Context, k kernel, l loop, rounds int) ([]string, error) {
	temp, err := os.MkdirTemp("", "bench-loop-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	source, exe := filepath.Join(temp, "main.go"), filepath.Join(temp, "main")
	if err := os.WriteFile(source, []byte(l.program()), 0o644); err != nil {
		return nil, err
	}
	if err := call(ctx, temp, "go", "build", "-o", exe, source); err != nil {
		return nil, err
	}
	running, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	defer running.Close()
	compiled := make([]time.Duration, rounds)
	inNotebook := make([][]time.Duration, len(places))
	var answer string
	for round := range rounds {
		out, err := exec.CommandContext(ctx, exe).Output()
		if err != nil {
			return nil, err
		}
		if compiled[round], answer, err = readTime(string(out)); err != nil {
			return nil, err
		}
		for i, p := range places {
			took, got, err := timePlace(ctx, running, p.cells(l, round))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			if got != answer {
				return nil, fmt.Errorf("%s: the loop computed %s, the compiled program %s", p.name, got, answer)
			}
			inNotebook[i] = append(inNotebook[i], took)
		}
	}
	base := slices.Min(compiled)
	row := []string{l.name, milliseconds(base)}
	for _, times := range inNotebook {
		row = append(row, fmt.Sprintf("%s (%s)", milliseconds(slices.Min(times)), ratio(slices.Min(times), base)))
	}
	return row, nil
}

func timePlace(ctx context.Context, k *client.Kernel, cells []string) (took time.Duration, answer string, err error) {
	var out string
	for _, code := range cells {
		if out, _, err = execute(ctx, k, code); err != nil {
			return 0, "", err
		}
	}
	return readTime(out)
}

// readTime reads what a timed loop prints: nanoseconds, then its result.
func readTime(out string) (time.Duration, string, error) {
	nanoseconds, answer, _ := strings.Cut(strings.TrimSpace(out), " ")
	n, err := strconv.ParseInt(nanoseconds, 10, 64)
	if err != nil {
		return 0, "", fmt.Errorf("read the time of a loop: %w", err)
	}
	return time.Duration(n), answer, nil
}
