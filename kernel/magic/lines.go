package magic

import (
	"context"
	"go/ast"
	"go/parser"
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

// negation is what begins a negation in Go, with the name that it is of. What follows the
// name is no word, as in a command, and no operator but those that a truth value has,
// outside of brackets.
var negation = regexp.MustCompile(`^(?:[!*\s]|<-)*(?:([\pL_][\pL\d_]*)\s*(?:$|[.(\[{;,)]|&&|\|\||[=!]=|//|/\*)|\([(!*\s]*([\pL_][\pL\d_]*)\s*(?:$|[.(\[{;,)&|=!<>+*/%^-]))`)

// literal is what begins the negation of a part of a literal, or of a function's call.
var literal = regexp.MustCompile(`^[!\s]*(?:\[\]|\[\d|func\s*\(|map\[|struct\s*\{)`)

// ShellAssignment returns the magic that a line name := !command stands for, ok is false for
// any other line. Go reads some of these lines, too, as a negation: then they are Go's, unless
// nothing is known by the first of its names, which known tells.
func ShellAssignment(line string, known func(name string) bool) (as string, ok bool) {
	m := assignment.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	if literal.MatchString(m[3]) {
		return "", false
	}
	if n := negation.FindStringSubmatch(m[3]); n != nil && known(n[1]+n[2]) {
		return "", false
	}
	return "%sx " + strings.TrimSpace(line[:strings.Index(line, "!")]) + " !" + m[3], true
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
