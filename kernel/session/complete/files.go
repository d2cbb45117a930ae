package complete

import (
	"os"
	"path/filepath"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
)

// mostFiles is how many names of files are offered at once.
const mostFiles = 500

// fileNames lists the files that the path between start and the end of the text may become,
// and returns where its last element begins.
func (h *Helper) fileNames(text string, start int, foldersOnly bool) ([]display.Match, int) {
	typed := text[start:]
	dir, begun := filepath.Split(typed)
	folder := os.Expand(dir, h.getenv)
	if folder == "~/" || strings.HasPrefix(folder, "~/") {
		folder = h.getenv("HOME") + folder[1:]
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(h.Dir, folder)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, len(text)
	}
	var list []display.Match
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(begun, ".") {
			continue
		}
		isDir := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			if info, err := os.Stat(filepath.Join(folder, name)); err == nil {
				isDir = info.IsDir()
			}
		}
		if isDir {
			name += "/"
		} else if foldersOnly {
			continue
		}
		list = append(list, display.Match{Text: name, Kind: "path"})
	}
	list = matching(list, begun)
	return list[:min(len(list), mostFiles)], len(text) - len(begun)
}

func (h *Helper) getenv(name string) string {
	for _, entry := range h.Env {
		if n, value, _ := strings.Cut(entry, "="); n == name {
			return value
		}
	}
	return ""
}

// lastWord is where the last word begins of a line of a shell, from start to the cursor.
func lastWord(text string, start, cursor int) int {
	i := strings.LastIndexAny(text[start:cursor], " \t\n'\"`=<>|;&(!:")
	return start + i + 1
}

// inProgram completes names of files in the text of a program in another language: a cell under
// %%bash and its like. ok is false for any other cell.
func (h *Helper) inProgram(code string, cursor int) (list []display.Match, start int, ok bool) {
	m := programOf(code)
	first := strings.IndexByte(code, '\n')
	if m == "" || first < 0 || cursor <= first {
		return nil, cursor, false
	}
	if m == "shell" {
		list, start = h.fileNames(code[:cursor], lastWord(code, first+1, cursor), false)
		return list, start, true
	}
	return nil, cursor, true
}

// programOf tells of which kind a cell's text is under the magic at its head: a shell's, another
// language's, or Go's, for which it is empty.
func programOf(code string) string {
	head, _, _ := strings.Cut(strings.TrimLeft(code, " \t\n"), "\n")
	name, isMagic := strings.CutPrefix(head, "%%")
	if !isMagic {
		return ""
	}
	name = name[:cell.NameEnd(name, 0)]
	switch name {
	case "bash", "sh":
		return "shell"
	case "script", "html", "markdown", "svg", "javascript", "js", "latex", "writefile", "python3", "python", "perl", "ruby":
		return "other"
	}
	return ""
}
