package probe

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/session/report"
)

// A variable under //go:embed gets its value from one of the unit's own that the
// compiler fills: running the cell again reads the files again.

// embedded is what a variable embeds.
type embedded struct {
	Patterns []string
	place    int // of the directive in the cell
}

// noteEmbeds finds the directives above the variables of a declaration.
func (u *Unit) noteEmbeds(p parsed) error {
	for _, spec := range p.gen.Specs {
		spec := spec.(*ast.ValueSpec)
		at := p.item.Start
		if p.gen.Lparen.IsValid() {
			at = p.offset(spec.Pos())
		}
		patterns, err := embedDirectives(u.Cell.Text[:at])
		line, column := u.Cell.Position(at)
		here := func(message string) error {
			return u.Failure("CompileError", []report.Place{{Line: line, Column: column, Message: message}})
		}
		switch {
		case err != nil:
			return here("go:embed: " + err.Error())
		case len(patterns) == 0:
		case u.Origins != nil:
			return here("a cell with go:embed cannot be compiled as a standalone program")
		case len(spec.Names) != 1 || len(spec.Values) > 0 || spec.Type == nil:
			return here("go:embed wants one variable with a type and without a value")
		default:
			u.Embeds[spec.Names[0].Name] = embedded{patterns, at}
		}
	}
	return nil
}

// embedDirectives reads the patterns of the comment lines at the end of a text, which
// blank lines may follow.
func embedDirectives(before string) (patterns []string, err error) {
	lines := strings.Split(before, "\n")
	for i := len(lines) - 2; i >= 0; i-- { // the last is what stands before the declaration on its line
		line := strings.TrimSpace(lines[i])
		if line != "" && !strings.HasPrefix(line, "//") {
			break
		}
		rest, ok := strings.CutPrefix(line, "//go:embed ")
		if !ok {
			continue
		}
		for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
			word, _, _ := strings.Cut(rest, " ")
			pattern := word
			if quoted, e := strconv.QuotedPrefix(rest); e == nil {
				word = quoted
				if pattern, err = strconv.Unquote(quoted); err != nil {
					return nil, err
				}
			}
			patterns = append(patterns, pattern)
			rest = rest[len(word):]
		}
	}
	return patterns, nil
}

// EmbedConfig resolves the patterns in the notebook's folder, as the go command
// does in a package's.
func (u *Unit) EmbedConfig() (build.Embed, error) {
	config := build.Embed{Patterns: map[string][]string{}, Files: map[string]string{}}
	for _, e := range u.Embeds {
		for _, pattern := range e.Patterns {
			files, err := embedFiles(u.Scope.Folder, pattern)
			if err == nil && len(files) == 0 {
				err = fmt.Errorf("no matching files found in %s", u.Scope.Folder)
			}
			if err != nil {
				line, column := u.Cell.Position(e.place)
				return config, u.Failure("CompileError", []report.Place{{Line: line, Column: column, Message: fmt.Sprintf("go:embed %s: %v", pattern, err)}})
			}
			config.Patterns[pattern] = files
			for _, f := range files {
				config.Files[f] = filepath.Join(u.Scope.Folder, filepath.FromSlash(f))
			}
		}
	}
	return config, nil
}

// embedFiles are the files of a pattern by their paths below dir. Of a folder, files
// whose names begin with . or _ are left out unless the pattern begins with all:.
func embedFiles(dir, pattern string) ([]string, error) {
	pattern, all := strings.CutPrefix(pattern, "all:")
	if !fs.ValidPath(pattern) {
		return nil, fmt.Errorf("not a path below the notebook's folder")
	}
	root := os.DirFS(dir)
	matches, err := fs.Glob(root, pattern)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, match := range matches {
		err := fs.WalkDir(root, match, func(name string, entry fs.DirEntry, err error) error {
			hidden := name != match && !all && strings.ContainsAny(path.Base(name)[:1], "._")
			switch {
			case err != nil:
				return err
			case hidden && entry.IsDir():
				return fs.SkipDir
			case !hidden && entry.Type().IsRegular():
				files = append(files, name)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}
