package gosuite

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// The statements of func main at the top of cells. There a variable lives on, and a
// name that is declared again is the notebook's: what a program means must not hang
// on the difference.

// bodyAtTop makes all statements of main the last cell.
func bodyAtTop(s *source) ([]string, error) {
	cells, err := s.withoutMain()
	if err != nil {
		return nil, err
	}
	for _, hidden := range s.hidden() {
		if s.usesInMain(func(obj types.Object) bool { return obj == hidden.outer }) {
			return nil, &NotCut{"main declares a name that it also uses with its outer meaning", hidden.outer.Name()}
		}
	}
	return append(cells, s.statementsText(s.main.Body.List)), nil
}

// statements makes each statement of main a cell, as far as they can be told apart.
func statements(s *source) ([]string, error) {
	cells, err := s.withoutMain()
	if err != nil {
		return nil, err
	}
	if s.usesInMain(isOneOf(measures)) {
		return nil, &NotCut{Reason: "main measures memory, and between cells that is the kernel's as well"}
	}
	groups, reason := s.groups()
	if len(groups) == 1 {
		if reason == nil {
			return nil, &NotCut{Reason: "main has only one statement"}
		}
		return nil, &NotCut{"main's statements belong together: " + reason.Reason, reason.Detail}
	}
	for _, group := range groups {
		cells = append(cells, s.statementsText(group))
	}
	return cells, nil
}

// withoutMain makes the cells of all declarations but main.
func (s *source) withoutMain() ([]string, error) {
	if len(s.main.Body.List) == 0 {
		return nil, &NotCut{Reason: "main has no statements"}
	}
	if id := s.firstUse(func(obj types.Object) bool { return obj == s.info.Defs[s.main.Name] }); id != nil {
		return nil, &NotCut{"main is called by the program", "line " + strconv.Itoa(s.fset.Position(id.Pos()).Line)}
	}
	for _, hidden := range s.hidden() {
		if sameAgain(hidden.own, hidden.outer) {
			return nil, &NotCut{"what main declares would be what the package has declared by that name", hidden.own.Name()}
		}
	}
	if s.setsLines() {
		return nil, &NotCut{Reason: "a comment in main sets the lines below it, which at the top of a cell are the cell's"}
	}
	if id := s.firstUse(isOneOf(freed)); id != nil {
		return nil, &NotCut{"it watches what is freed, and a variable at the top of a cell lives on", s.info.Uses[id].(*types.Func).FullName()}
	}
	var cells []string
	for _, part := range s.ordered(false) {
		if !part.main {
			cells = append(cells, part.text)
		}
	}
	return cells, nil
}

// statementsText is the text of statements that stand together, and of the comments
// above them. The value of a last expression would be shown, which a semicolon
// prevents.
func (s *source) statementsText(list []ast.Stmt) string {
	from := s.main.Body.Lbrace + 1
	for _, stmt := range s.main.Body.List {
		if stmt == list[0] {
			break
		}
		from = stmt.End()
	}
	last := list[len(list)-1]
	text := strings.TrimLeft(s.text(from, last.End()), "; \t\r\n")
	for {
		labeled, ok := last.(*ast.LabeledStmt)
		if !ok {
			break
		}
		last = labeled.Stmt
	}
	if _, ok := last.(*ast.ExprStmt); ok {
		text += ";"
	}
	return text
}

// setsLines reports whether comments in main say which lines the code below has.
func (s *source) setsLines() bool {
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			inMain := s.main.Body.Pos() <= c.Pos() && c.Pos() < s.main.Body.End()
			if inMain && (strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ")) {
				return true
			}
		}
	}
	return false
}
