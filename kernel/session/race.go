package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/wire"
)

// Race implements magic.Host: the cell runs apart from the worker, with Go's race
// detector, and each race is told with the lines of the cells that took part.
func (h host) Race(ctx context.Context, code string) error {
	program, err := h.compileApart(ctx, code, h.count)
	if err != nil {
		return err
	}
	if len(program.variables) > 0 {
		h.out.Write(display.Stderr, fmt.Sprintf("note: %%%%race runs the cell apart from the live values; declared anew there: %s\n", strings.Join(program.variables, ", ")))
	}
	var mu sync.Mutex
	run, err := h.workspace.RunRace(ctx, []byte(program.source), build.Program{
		Dir: h.Dir(), Env: h.Environ(),
		Stdout: streamTo{&mu, h.out, display.Stdout}, Stderr: streamTo{&mu, h.out, display.Stderr},
	})
	var compile *build.CompileError
	if errors.As(err, &compile) {
		return &Failure{Name: "CompileError", Value: compile.Output, Traceback: []string{recognisable(compile.Output)}}
	} else if err != nil {
		return err
	}
	races := program.raceReports(run.Reports)
	for i, text := range races {
		h.out.Write(display.Stdout, fmt.Sprintf("DATA RACE %d of %d\n%s\n", i+1, len(races), text))
	}
	switch len(races) {
	case 0:
		h.out.Write(display.Stdout, "%%race: no data race found in this run\n")
	case 1:
		h.out.Write(display.Stdout, "%%race: 1 data race found\n")
	default:
		h.out.Write(display.Stdout, fmt.Sprintf("%%%%race: %d data races found\n", len(races)))
	}
	return program.failure(run)
}

// failure tells how the program ended, if it did not end well.
func (a *apart) failure(run build.RaceRun) error {
	var o wire.Outcome
	if len(run.Outcome) > 0 && json.Unmarshal(run.Outcome, &o) == nil {
		return a.units.failure(worker.Outcome{Err: o.Error, ErrFrames: o.Frames, Panic: panicOf(o.Panic)})
	}
	var exit *exec.ExitError
	if errors.As(run.Exit, &exit) {
		return &Failure{Name: "Exit", Value: "the program ended with " + exit.ProcessState.String()}
	}
	return nil
}

func panicOf(p *wire.Panic) *worker.Panic {
	if p == nil {
		return nil
	}
	return &worker.Panic{Value: p.Value, Frames: p.Frames}
}

// raceReports makes the detector's reports readable: each access and each start of
// a goroutine by the line of the cell that it came from.
func (a *apart) raceReports(text string) []string {
	var reports []string
	for part := range strings.SplitSeq(text, "==================") {
		if _, body, ok := strings.Cut(part, "WARNING: DATA RACE\n"); ok {
			if report := a.raceReport(body); len(reports) == 0 || reports[len(reports)-1] != report {
				reports = append(reports, report)
			}
		}
	}
	return reports
}

func (a *apart) raceReport(body string) string {
	var b strings.Builder
	for section := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		title, stack, _ := strings.Cut(section, "\n")
		b.WriteString(raceTitle(title) + "\n")
		var frames []worker.Frame
		function := ""
		for line := range strings.Lines(stack) {
			line = strings.TrimSpace(line)
			file, rest, ok := cutLast(line, ":")
			number, err := strconv.Atoi(strings.Fields(rest + " x")[0])
			if !ok || err != nil {
				function = strings.TrimSuffix(line, "()")
				continue
			}
			frames = append(frames, worker.Frame{Func: function, File: file, Line: number})
		}
		b.WriteString(a.raceFrames(frames))
	}
	return strings.TrimRight(b.String(), "\n")
}

// raceFrames are the cells' lines of a stack; the library's own only where no
// cell's is.
func (a *apart) raceFrames(frames []worker.Frame) string {
	var b strings.Builder
	for _, call := range frames {
		if f, _ := a.units.frame(call); f != nil && f.text != "" && !isEntry(call.Func) {
			in := ""
			if f.function != "" {
				in = " in " + f.function
			}
			fmt.Fprintf(&b, "  In[%d]:%d%s\n%4d | %s\n", f.count, f.line, in, f.line, f.text)
		}
	}
	if b.Len() == 0 && len(frames) > 0 {
		fmt.Fprintf(&b, "  %s\n", frames[0].Func)
	}
	return b.String()
}

// raceTitle leaves out what tells a reader nothing: addresses.
func raceTitle(title string) string {
	before, rest, ok := strings.Cut(title, " at 0x")
	if !ok {
		return title
	}
	_, by, _ := strings.Cut(rest, " ")
	return before + " " + by
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// streamTo writes to one stream of a cell's output; an Output takes one call at a
// time.
type streamTo struct {
	mu     *sync.Mutex
	out    display.Output
	stream display.Stream
}

func (w streamTo) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out.Write(w.stream, string(p))
	return len(p), nil
}
