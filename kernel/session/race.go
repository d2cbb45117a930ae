package session

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/session/report"
	"locuslab/kernel/worker"
)

// Race implements magic.Host: the cell runs apart from the worker, with Go's race
// detector, and each race is told with the lines of the cells that took part.
func (h host) Race(ctx context.Context, code string) error {
	program, run, err := h.runApart(ctx, code, build.Program{Race: true})
	if err != nil {
		return err
	}
	races := program.raceReports(run.reports)
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
	return run.failure()
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
		if f, _ := a.units.Frame(call); f != nil && f.Text != "" && !report.IsEntry(call.Func) {
			in := ""
			if f.Function != "" {
				in = " in " + f.Function
			}
			fmt.Fprintf(&b, "  In[%d]:%d%s\n%4d | %s\n", f.Count, f.Line, in, f.Line, f.Text)
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
