package probe

import (
	"go/ast"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/report"
)

// What stands above a declaration belongs to it: its doc comment and the
// compiler's directives, such as //go:noinline.

// notePragmas notes the directives above the cell's declarations and their doc
// comments.
func (u *Unit) notePragmas(all []parsed) {
	for _, c := range u.Cell.Comments {
		words := strings.Fields(u.Cell.Text[c.Start:c.End])
		if u.startsLine(c) && len(words) > 1 && words[0] == "//go:linkname" {
			u.Linknames[words[1]] = strings.Join(words[2:], " ")
		}
	}
	for _, p := range all {
		pragmas, doc := u.above(p.item)
		for _, key := range u.declares(p) {
			u.Pragmas[key], u.Docs[key] = pragmas, doc
		}
	}
}

// declares are the names, or type.method, that an item declares.
func (u *Unit) declares(p parsed) (keys []string) {
	switch {
	case p.item.Kind == cell.Func:
		return []string{p.fn.Name.Name}
	case p.item.Kind == cell.Method:
		return []string{MethodKey(u.receiverName(p.fn), p.fn.Name.Name)}
	case p.gen != nil:
		for _, spec := range p.gen.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				keys = append(keys, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					keys = append(keys, name.Name)
				}
			}
		}
	case syntax.IsDefine(p.stmt):
		for _, name := range syntax.DefinedNames(p.stmt) {
			keys = append(keys, name.Name)
		}
	}
	return keys
}

// above are the directives between an item and the one before it, and the text of
// the comment that ends on the line above it.
func (u *Unit) above(item cell.Item) (pragmas []string, doc string) {
	adjoining := item.Start // where the doc comment, as far as it is read, begins; -1 behind its end
	var lines []string
	for _, c := range slices.Backward(u.Cell.Above(item)) {
		text := u.Cell.Text[c.Start:c.End]
		directive := strings.HasPrefix(text, "//go:")
		if directive && u.startsLine(c) && !isNoPragma(text) {
			pragmas = append([]string{strings.TrimRight(text, "\r \t")}, pragmas...)
		}
		if adjoining < 0 {
			continue
		}
		between := u.Cell.Text[c.End:adjoining]
		switch {
		case strings.TrimSpace(between) != "" || strings.Count(between, "\n") > 1:
			adjoining = -1
			continue
		case !directive:
			lines = append([]string{text}, lines...)
		}
		adjoining = c.Start
	}
	group := ast.CommentGroup{}
	for _, text := range lines {
		group.List = append(group.List, &ast.Comment{Text: text})
	}
	if len(lines) > 0 {
		doc = strings.TrimSpace(group.Text())
	}
	return pragmas, doc
}

// startsLine reports whether nothing but space stands before a comment on its line.
func (u *Unit) startsLine(c cell.Comment) bool {
	before := u.Cell.Text[:c.Start]
	return strings.TrimSpace(before[strings.LastIndexByte(before, '\n')+1:]) == ""
}

// isNoPragma reports whether a directive is not for the compiler, or for the
// kernel to carry out.
func isNoPragma(text string) bool {
	word, _, _ := strings.Cut(text, " ")
	return slices.Contains([]string{"//go:build", "//go:generate", "//go:embed", "//go:linkname", "//go:debug"}, strings.TrimRight(word, "\r\t"))
}

// bodyless refuses functions without a body that nothing else defines, as Go does.
func (u *Unit) bodyless(all []parsed) error {
	for _, p := range all {
		if p.item.Kind != cell.Func && p.item.Kind != cell.Method || p.fn.Body != nil {
			continue
		}
		if _, linked := u.Linknames[p.fn.Name.Name]; linked && p.item.Kind == cell.Func {
			continue
		}
		line, column := u.Cell.Position(p.offset(p.fn.Name.Pos()))
		return u.Failure("CompileError", []report.Place{{Line: line, Column: column, Message: "missing function body"}})
	}
	return nil
}
