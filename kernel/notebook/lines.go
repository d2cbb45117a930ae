package notebook

import (
	"strings"
	"unicode/utf8"
)

// splitLines cuts a text into the list of lines that nbformat stores. It breaks
// where Python's str.splitlines does, so that Jupyter saves the same list.
func splitLines(s string) []any {
	lines := []any{}
	start := 0
	for i, r := range s {
		if i < start || !breaksLine(r) {
			continue
		}
		end := i + utf8.RuneLen(r)
		if r == '\r' && strings.HasPrefix(s[end:], "\n") {
			end++
		}
		lines = append(lines, s[start:end])
		start = end
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

func breaksLine(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// overwrite applies carriage returns and backspaces as a terminal does: text
// after them replaces what stands there. A progress bar that drew itself a
// hundred times is saved as its last state.
func overwrite(s string) string {
	if !strings.ContainsAny(s, "\r\b") {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		body, hasNewline := strings.CutSuffix(line, "\n")
		b.WriteString(overwriteLine(strings.TrimRight(body, "\r")))
		switch {
		case hasNewline:
			b.WriteByte('\n')
		case strings.HasSuffix(body, "\r"):
			// What comes next starts at the beginning of this line.
			b.WriteByte('\r')
		}
	}
	return b.String()
}

func overwriteLine(line string) string {
	var cells []rune
	at := 0
	for _, r := range line {
		switch r {
		case '\r':
			at = 0
		case '\b':
			at = max(at-1, 0)
		default:
			if at < len(cells) {
				cells[at] = r
			} else {
				cells = append(cells, r)
			}
			at++
		}
	}
	return string(cells)
}
