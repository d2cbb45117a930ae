package complete

import (
	"context"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
)

// line completes the line of a magic, from start to the cursor: its name, or its arguments.
func (h *Helper) line(ctx context.Context, code string, start, cursor int) ([]display.Match, int, int) {
	typed := code[start:cursor]
	if !strings.HasPrefix(typed, "%") { // a question
		at := cell.At(strings.Repeat(" ", start)+strings.Replace(typed, "?", " ", 1), cursor)
		return matching(h.names(ctx, code, cursor, at), code[at.Start:cursor]), at.Start, cursor
	}
	name, _, hasArguments := strings.Cut(typed, " ")
	if !hasArguments {
		var list []display.Match
		for _, m := range magic.Names(strings.TrimSpace(code[:start]) == "") {
			list = append(list, display.Match{Text: m, Kind: "magic", Signature: magic.Usage(m)})
		}
		if found := matching(list, typed); found != nil {
			return found, start, cursor
		}
		return nil, start, cursor
	}
	word := lastWord(code, start, cursor)
	switch magic.Takes(name) {
	case magic.File, magic.Folder:
		list, from := h.fileNames(code[:cursor], word, magic.Takes(name) == magic.Folder)
		return list, from, cursor
	case magic.Declaration:
		var list []display.Match
		for name, d := range h.Scope.Names.Current {
			list = append(list, matchOf(name, d.Object))
		}
		return matching(list, code[word:cursor]), word, cursor
	case magic.Variable:
		var list []display.Match
		for _, entry := range h.Env {
			name, _, _ := strings.Cut(entry, "=")
			list = append(list, display.Match{Text: name, Kind: "instance"})
		}
		return matching(list, code[word:cursor]), word, cursor
	case magic.Magic:
		var list []display.Match
		for _, m := range magic.Names(true) {
			list = append(list, display.Match{Text: m, Kind: "magic"})
		}
		return matching(list, code[word:cursor]), word, cursor
	case magic.GoCode:
		blank := blanked(code, start, cursor, len(name))
		at := cell.At(blank, cursor)
		if at.Place != cell.InCode {
			return nil, cursor, cursor
		}
		return matching(h.names(ctx, blank, cursor, at), code[at.Start:cursor]), at.Start, cursor
	}
	return nil, cursor, cursor
}

// blanked is a cell's text up to the cursor without the name of the magic whose statement the
// cursor stands in.
func blanked(code string, start, cursor, name int) string {
	return code[:start] + strings.Repeat(" ", name) + code[start+name:cursor]
}
