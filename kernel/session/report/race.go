package report

import (
	"fmt"
	"strconv"
	"strings"

	"locuslab/kernel/worker/wire"
)

// Races makes the race detector's reports readable: each access and each start of
// a goroutine by the line of the cell that it came from.
func (l *Sources) Races(text string) []string {
	var reports []string
	for part := range strings.SplitSeq(text, "==================") {
		if _, body, ok := strings.Cut(part, "WARNING: DATA RACE\n"); ok {
			if told := l.raceReport(body); len(reports) == 0 || reports[len(reports)-1] != told {
				reports = append(reports, told)
			}
		}
	}
	return reports
}

func (l *Sources) raceReport(body string) string {
	var b strings.Builder
	for section := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		title, stack, _ := strings.Cut(section, "\n")
		b.WriteString(raceTitle(title) + "\n")
		var frames []wire.Frame
		function := ""
		for line := range strings.Lines(stack) {
			line = strings.TrimSpace(line)
			file, rest, ok := cutLast(line, ":")
			number, err := strconv.Atoi(strings.Fields(rest + " x")[0])
			if !ok || err != nil {
				function = strings.TrimSuffix(line, "()")
				continue
			}
			frames = append(frames, wire.Frame{Func: function, File: file, Line: number})
		}
		b.WriteString(l.raceFrames(frames))
	}
	return strings.TrimRight(b.String(), "\n")
}

// raceFrames are the cells' lines of a stack; the library's own only where no
// cell's is.
func (l *Sources) raceFrames(frames []wire.Frame) string {
	var b strings.Builder
	for _, call := range frames {
		if f, _ := l.Frame(call); f != nil && f.Text != "" && !IsEntry(call.Func) {
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
