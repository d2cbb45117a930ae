package magic

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"locuslab/kernel/display"
)

var shellLines = command{"%sx command, name := !command", "run a shell command; its value is the lines that it prints", func(ctx context.Context, h Host, c Call, out display.Output) error {
	assign, line := "", c.Args
	if m := assignment.FindStringSubmatch(c.Args); m != nil {
		assign, line = m[1]+" "+m[2]+" ", m[3]
	}
	rec := &recorder{Output: out, letStderr: true}
	cost, err := Shell(ctx, h.Into(rec), "!"+line, rec)
	h.Spent(cost)
	if err != nil {
		return err
	}
	code := assign + "[]string{"
	for text := range strings.Lines(rec.text(display.Stdout)) {
		code += strconv.Quote(strings.TrimRight(text, "\r\n")) + ", "
	}
	code += "}"
	if assign != "" {
		code += ";"
	}
	_, err = h.Run(ctx, code)
	return err
}}

// assignment is a line that gives what a shell command prints to a variable.
var assignment = regexp.MustCompile(`^\s*([\pL_][\pL\d_]*)\s*(:?=)\s*!\s*(.*\S)\s*$`)

// MayAssignShell reports whether a line has the form name := !text, by its characters alone.
func MayAssignShell(line string) bool { return assignment.MatchString(line) }

// ShellAssignment returns the magic that a line name := !command stands for, ok is false for
// any other line. statement is what Go reads there, which may go on for several lines: where it
// is a statement of Go, a negation, it is Go's, unless its operand begins with a name that
// stands for nothing, which known tells; selected is set where something of it is selected.
func ShellAssignment(line, statement string, known func(name string, selected bool) bool) (as string, ok bool) {
	m := assignment.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	if x := assigned(statement); x != nil {
		if name, selected := firstName(x); name == "" || known(name, selected) {
			return "", false
		}
	}
	return "%sx " + strings.TrimSpace(line[:strings.Index(line, "!")]) + " !" + m[3], true
}

// assigned returns the value that a statement of Go assigns; nil for any other text.
func assigned(statement string) ast.Expr {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p;func _() {"+statement+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	body := file.Decls[0].(*ast.FuncDecl).Body.List
	if len(body) == 0 {
		return nil
	}
	if assign, ok := body[0].(*ast.AssignStmt); ok {
		return assign.Rhs[0]
	}
	return nil
}

// firstName returns the name that an expression's operand begins with, empty if it is a literal,
// and whether something of that is selected.
func firstName(x ast.Expr) (name string, selected bool) {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e.Name, selected
		case *ast.SelectorExpr:
			x, selected = e.X, true
		case *ast.CallExpr:
			x = e.Fun
		case *ast.IndexExpr:
			x = e.X
		case *ast.IndexListExpr:
			x = e.X
		case *ast.SliceExpr:
			x = e.X
		case *ast.BinaryExpr:
			x = e.X
		case *ast.TypeAssertExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		case *ast.UnaryExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.CompositeLit:
			x = e.Type
		default:
			return "", false
		}
	}
}

// inserted are the parts of a line that may stand for a Go value.
var inserted = regexp.MustCompile(`\$?\{[^{}]+\}`)

// Insert writes the values of {name}, or of another expression of what cells have declared, into
// a line. What is no Go, or mentions nothing that is declared, stays: a shell has braces, too.
func Insert(ctx context.Context, h Host, line string, out display.Output) string {
	var places [][]int
	var values []string
	for _, at := range inserted.FindAllStringIndex(line, -1) {
		text := line[at[0]+1 : at[1]-1]
		x, err := parser.ParseExpr(text)
		if line[at[0]] == '$' || err != nil {
			continue
		}
		if !mentionsKnown(x, h.Known) {
			continue
		}
		places = append(places, at)
		values = append(values, text)
	}
	if len(places) == 0 {
		return line
	}
	rec := &recorder{Output: out}
	const between = "\x00"
	if _, err := h.Into(rec).Run(ctx, "fmt.Print("+strings.Join(values, `, "\x00", `)+");"); err != nil {
		return line
	}
	texts := strings.Split(rec.text(display.Stdout), between)
	if len(texts) != len(places) {
		return line
	}
	var b strings.Builder
	last := 0
	for i, at := range places {
		b.WriteString(line[last:at[0]])
		b.WriteString(texts[i])
		last = at[1]
	}
	return b.String() + line[last:]
}

// mentionsKnown reports whether an expression has a name in it that cells have declared.
func mentionsKnown(x ast.Expr, known func(name string) bool) (yes bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			yes = yes || known(id.Name)
		}
		return !yes
	})
	return yes
}
