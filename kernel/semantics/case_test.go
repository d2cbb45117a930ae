package semantics_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// semanticsDir holds the cases; its README describes their form.
const semanticsDir = "testdata"

// A program is one case: a session's cells with what each must show.
type program struct {
	name  string
	title string
	in    string // what the notebook's folder is part of; "" for a module without packages
	apart bool   // a cell is sent when the one before has ended, in every way
	files []txtar.File
	cells []programCell
}

// A programCell is a cell and its expectations.
type programCell struct {
	line      int // of the section in the case's file
	code      string
	anyStatus bool
	anyOut    bool
	interrupt bool
	restart   bool // the kernel, before the cell
	input     []string
	hidden    bool // the questions do not show their answers
	wants     []expectation
}

// An expectation is a section that follows a cell.
type expectation struct {
	line int
	kind string // out, errout, result, display, note, err, said
	mime string // of a result or display
	how  string // exact, regexp, contains, any
	text string
}

// readPrograms reads all cases.
func readPrograms(t *testing.T) []program {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(semanticsDir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in %s: %v", semanticsDir, err)
	}
	var programs []program
	for _, path := range paths {
		p, err := readProgram(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		programs = append(programs, p)
	}
	return programs
}

func readProgram(path string) (program, error) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		return program{}, err
	}
	p := program{name: strings.TrimSuffix(filepath.Base(path), ".txtar")}
	comment := string(archive.Comment)
	p.title, _, _ = strings.Cut(comment, "\n")
	if p.title == "" || strings.HasPrefix(p.title, "in: ") {
		return p, fmt.Errorf("the first line must say what the case shows")
	}
	for ln := range strings.Lines(comment) {
		if in, found := strings.CutPrefix(ln, "in: "); found {
			p.in = strings.TrimSpace(in)
		}
		p.apart = p.apart || ln == "cells: one at a time\n"
	}
	if !slices.Contains([]string{"", "module", "own module", "checkout", "no module"}, p.in) {
		return p, fmt.Errorf("in: %s is no known place", p.in)
	}
	line := strings.Count(comment, "\n") + 1
	for _, f := range archive.Files {
		if err := p.section(f, line); err != nil {
			return p, fmt.Errorf("line %d: section %q: %w", line, f.Name, err)
		}
		line += 1 + strings.Count(string(f.Data), "\n")
	}
	return p, nil
}

// section adds one section of a case's file.
func (p *program) section(f txtar.File, line int) error {
	words := strings.Fields(f.Name)
	text := strings.TrimSuffix(string(f.Data), "\n")
	kind, options := words[0], words[1:]
	switch kind {
	case "file":
		p.files = append(p.files, txtar.File{Name: strings.Join(options, " "), Data: f.Data})
		return nil
	case "cell":
		return p.addCell(text, options, line)
	case "repeat":
		n, err := strconv.Atoi(strings.Join(options, " "))
		if err != nil {
			return err
		}
		for i := range n {
			number := "${1}" + strconv.Itoa(i+1)
			p.cells = append(p.cells, programCell{line: line, code: numbered.ReplaceAllString(text, number)})
		}
		return nil
	}
	if len(p.cells) == 0 {
		return fmt.Errorf("stands before the first cell")
	}
	cell := &p.cells[len(p.cells)-1]
	if kind == "input" {
		cell.input, cell.hidden = strings.Split(text, "\n"), slices.Contains(options, "hidden")
		return nil
	}
	if !slices.Contains([]string{"out", "errout", "result", "display", "note", "err", "said"}, kind) {
		return fmt.Errorf("is of no known kind")
	}
	want := expectation{line: line, kind: kind, how: "exact", text: text}
	if kind == "result" {
		want.mime = "text/plain"
	}
	for _, option := range options {
		switch {
		case strings.Contains(option, "/"):
			want.mime = option
		case slices.Contains([]string{"regexp", "contains", "any"}, option):
			want.how = option
		default:
			return fmt.Errorf("has the unknown option %q", option)
		}
	}
	cell.wants = append(cell.wants, want)
	return nil
}

// numbered finds the names of a repeated cell that stand for the repetition's number.
var numbered = regexp.MustCompile(`\b([a-z]*)N\b`)

func (p *program) addCell(code string, options []string, line int) error {
	cell := programCell{line: line, code: code}
	for _, option := range options {
		switch option {
		case "crlf":
			cell.code = strings.ReplaceAll(code, "\n", "\r\n")
		case "any":
			cell.anyStatus = true
		case "any-out":
			cell.anyOut = true
		case "interrupt":
			cell.interrupt = true
		case "restart":
			cell.restart = true
		default:
			return fmt.Errorf("has the unknown option %q", option)
		}
	}
	p.cells = append(p.cells, cell)
	return nil
}

// want is the cell's expectations of a kind.
func (c programCell) want(kind string) []expectation {
	var of []expectation
	for _, w := range c.wants {
		if w.kind == kind {
			of = append(of, w)
		}
	}
	return of
}
