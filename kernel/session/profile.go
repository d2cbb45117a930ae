package session

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"

	"locuslab/kernel/cleanup"
	"locuslab/kernel/display"
	"locuslab/kernel/profile"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/wire"
)

// cellLabel is the label of the samples of what a cell runs.
const cellLabel = "cell"

// CPU implements magic.Host.
func (h host) CPU(ctx context.Context, code string) error {
	return h.profiled(ctx, code, "cpu", func(_, after *profile.Profile) {
		picture := after.Flame(fmt.Sprintf("In[%d]: where it was busy", h.count), cellLabel, h.frameName)
		h.out.Display(display.Bundle{Data: map[string]any{
			"image/svg+xml": picture.SVG(), "text/html": picture.HTML(), "text/plain": picture.String(),
		}})
	})
}

// frameName is what a flame graph calls a call.
func (h host) frameName(f profile.Frame) profile.Name {
	if wire.IsHost(f.Func) || f.Func == "runtime.goexit" {
		return profile.Name{Drop: true}
	}
	c, ok := h.units.Frame(worker.Frame{Func: f.Func, File: f.File, Line: f.Line})
	switch {
	case ok && c == nil: // of the kernel's
		return profile.Name{Drop: true}
	case ok:
		text := fmt.Sprintf("In[%d]:%d", c.Count, c.Line)
		if c.Function != "" {
			text = c.Function + " " + text
		}
		return profile.Name{Text: text + " " + strings.TrimSpace(c.Text), Own: true}
	}
	return profile.Name{Text: f.Func[strings.LastIndexByte(f.Func, '/')+1:]}
}

const mostLines = 20

// Memory implements magic.Host.
func (h host) Memory(ctx context.Context, code string) error {
	own := func(f profile.Frame) bool {
		c, ok := h.units.Frame(worker.Frame{Func: f.Func, File: f.File, Line: f.Line})
		return ok && c != nil
	}
	return h.profiled(ctx, code, "allocations", func(before, after *profile.Profile) {
		var text, rows strings.Builder
		var bytes, objects int64
		list := after.Allocations(before, own)
		for i, a := range list {
			bytes, objects = bytes+a.Bytes, objects+a.Objects
			if i >= mostLines {
				continue
			}
			c, _ := h.units.Frame(worker.Frame{Func: a.Frame.Func, File: a.Frame.File, Line: a.Frame.Line})
			place, line := fmt.Sprintf("In[%d]:%d", c.Count, c.Line), strings.TrimSpace(c.Text)
			fmt.Fprintf(&text, "%10s %10d  %-9s %s\n", size(a.Bytes), a.Objects, place, line)
			fmt.Fprintf(&rows, `<tr><td style="text-align:right">%s</td><td style="text-align:right">%d</td><td style="text-align:left">%s</td><td style="text-align:left"><code>%s</code></td></tr>`, size(a.Bytes), a.Objects, place, html.EscapeString(line))
		}
		total := fmt.Sprintf("%s in %d allocations, by what the cells' lines call", size(bytes), objects)
		if len(list) > mostLines {
			total += fmt.Sprintf("; the %d largest of %d lines", mostLines, len(list))
		}
		h.out.Display(display.Bundle{Data: map[string]any{
			"text/plain": fmt.Sprintf("%10s %10s  %-9s\n%s%s", "bytes", "number", "line", text.String(), total),
			"text/html": `<table class="dataframe"><thead><tr><th>bytes</th><th>number</th><th style="text-align:left">line</th><th></th></tr></thead><tbody>` +
				rows.String() + `</tbody></table><p>` + html.EscapeString(total) + `</p>`,
		}})
	})
}

// size is a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}

// profiled runs the cell as always while the worker's runtime samples it; then show gets
// what was sampled until the cell began, if anything, and at its end.
func (h host) profiled(ctx context.Context, code, what string, show func(before, after *profile.Profile)) error {
	if err := h.start(ctx); err != nil {
		return err
	}
	dir, err := cleanup.MkdirTemp("", "profile")
	if err != nil {
		return fmt.Errorf("profile the cell: %w", err)
	}
	defer os.RemoveAll(dir)
	begin, end := filepath.Join(dir, "begin"), filepath.Join(dir, "end")
	process := h.process
	if err := process.Profile(what, begin); err != nil {
		return err
	}
	_, failure := h.Run(ctx, code)
	if h.process != process { // the cell took the worker with it
		return failure
	}
	if err := process.Profile(what+" end", end); err != nil {
		return errors.Join(failure, err)
	}
	var before, after *profile.Profile
	if what == "cpu" { // one file, written between the two
		after, err = readProfile(begin)
	} else if before, err = readProfile(begin); err == nil {
		after, err = readProfile(end)
	}
	if err != nil {
		return errors.Join(failure, err)
	}
	show(before, after)
	return failure
}

func readProfile(file string) (*profile.Profile, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("profile the cell: %w", err)
	}
	defer f.Close()
	return profile.Read(f)
}
