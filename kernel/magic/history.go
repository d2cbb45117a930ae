package magic

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/display"
)

var history = command{"%history [-n] [-g pattern] [ranges]", "show what was run: all, or cells 3 5-7; -n with numbers; -g cells of all sessions that contain the pattern", func(_ context.Context, h Host, c Call, out display.Output) error {
	var numbered, everywhere bool
	var rest []string
	for _, word := range strings.Fields(c.Args) {
		switch word {
		case "-n":
			numbered = true
		case "-g":
			everywhere = true
		default:
			rest = append(rest, word)
		}
	}
	var list []Input
	if everywhere {
		past, err := h.History()
		if err != nil {
			return err
		}
		pattern := strings.Trim(strings.Join(rest, " "), "*")
		if len(past) == 0 { // else it has this session's, too
			past = h.State().Inputs()
		}
		for _, in := range past {
			if strings.Contains(in.Code, pattern) {
				list = append(list, in)
			}
		}
	} else {
		var err error
		if list, err = inRanges(h, rest); err != nil {
			return err
		}
	}
	var b strings.Builder
	for _, in := range list {
		switch {
		case everywhere && in.Session != 0:
			fmt.Fprintf(&b, "%d/%d: ", in.Session, in.Count)
		case numbered || everywhere:
			fmt.Fprintf(&b, "%4d: ", in.Count)
		}
		b.WriteString(strings.TrimRight(in.Code, "\n") + "\n")
	}
	out.Write(display.Stdout, b.String())
	return nil
}}

var save = command{"%save [-a] file ranges", "write the cells 3 5-7 to a file, or append them", func(_ context.Context, h Host, c Call, out display.Output) error {
	words := strings.Fields(c.Args)
	appending := len(words) > 0 && words[0] == "-a"
	if appending {
		words = words[1:]
	}
	if len(words) < 2 {
		return usage("%%save wants a file and the numbers of cells: %%save work.go 1-3 5")
	}
	list, err := inRanges(h, words[1:])
	if err != nil {
		return err
	}
	f, err := create(h, words[0], appending)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, in := range list {
		if _, err := f.WriteString(strings.TrimRight(in.Code, "\n") + "\n"); err != nil {
			return usage("cannot write %s: %v", words[0], err)
		}
	}
	if err := f.Close(); err != nil {
		return usage("cannot write %s: %v", words[0], err)
	}
	cells := "cells"
	if len(list) == 1 {
		cells = "cell"
	}
	out.Write(display.Stdout, fmt.Sprintf("wrote %d %s to %s\n", len(list), cells, words[0]))
	return nil
}}

// inRanges are the session's cells with numbers such as 3 or 5-7; all that were run before the
// one at hand if none is given.
func inRanges(h Host, ranges []string) (list []Input, err error) {
	inputs := h.State().Inputs()
	if len(ranges) == 0 {
		return inputs[:max(0, len(inputs)-1)], nil
	}
	for _, r := range ranges {
		low, high, isRange := strings.Cut(r, "-")
		from, err := strconv.Atoi(low)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(high)
		}
		if err != nil || from > to {
			return nil, usage("%s is no number of a cell, such as 3, and no range of them, such as 5-7", r)
		}
		found := false
		for _, in := range inputs {
			if from <= in.Count && in.Count <= to {
				list, found = append(list, in), true
			}
		}
		if !found {
			return nil, usage("no cell with the number %s was run in this session", r)
		}
	}
	return slices.Clip(list), nil
}
