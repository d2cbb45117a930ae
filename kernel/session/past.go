package session

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// Earlier results as IPython names them: _ is the last one, __ and ___ are those before it, _3 and
// Out[3] are that of In[3], and In[3] is what was typed there. Go has no meaning for _ where a
// value stands; the other names are the user's where cells have declared them.

// mayBePast finds cells that may mention an earlier result.
var mayBePast = regexp.MustCompile(`\b(In|Out)\b|\b_{1,3}\b|\b_\d+\b`)

// pastName is how the variable of an earlier result is called.
var pastName = regexp.MustCompile(`^_\d+$`)

// shown notes the type of what a cell has shown.
func (s *Session) shown(count int, info *types.Info, x ast.Expr) {
	t := info.TypeOf(x)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
		if tuple.Len() > 2 {
			t = nil
		}
	}
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.results == nil {
		s.results = map[int]types.Type{}
	}
	s.results[count] = types.Default(t)
	for len(s.results) > wire.MostKept {
		delete(s.results, slices.Min(slices.Collect(maps.Keys(s.results))))
	}
}

// withPast writes the variables of earlier results into a cell in place of the names for them,
// declares those variables, and returns what was replaced.
func (s *Session) withPast(ctx context.Context, code string) (string, []cell.Replacement, error) {
	if !mayBePast.MatchString(code) {
		return code, nil, nil
	}
	s.isRunning() // else its results have gone with it
	s.mu.Lock()
	counts := slices.Sorted(maps.Keys(s.results))
	s.mu.Unlock()
	p := &past{host: host{Session: s}, counts: counts, declared: map[string]bool{}, wanted: map[int]bool{}}
	c := cell.Split(code)
	var parsed []pastItem
	for _, item := range c.Items {
		if item.Kind == cell.Magic || item.Kind == cell.Package || item.Kind == cell.Import {
			continue
		}
		file, base, err := c.Parse(item)
		if err != nil {
			continue // the analysis tells
		}
		parsed = append(parsed, pastItem{file, base})
		p.noteNames(file)
	}
	for _, item := range parsed {
		p.base = item.base
		ast.Inspect(item.file, p.visit)
	}
	if p.err != nil {
		return code, nil, p.err
	}
	for _, n := range slices.Sorted(maps.Keys(p.wanted)) {
		if err := s.declareResult(ctx, n); err != nil {
			return code, nil, err
		}
	}
	slices.SortFunc(p.edits, func(a, b pastEdit) int { return a.from - b.from })
	var text strings.Builder
	var replaced []cell.Replacement
	at := 0
	for _, e := range p.edits {
		text.WriteString(code[at:e.from] + e.text)
		replaced = append(replaced, cell.Replacement{Start: text.Len() - len(e.text), End: text.Len(), Typed: code[e.from:e.to]})
		at = e.to
	}
	return text.String() + code[at:], replaced, nil
}

type pastItem struct {
	file *ast.File
	base int
}

// A pastEdit is a part of a cell with what is to stand there.
type pastEdit struct {
	from, to int
	text     string
}

// past finds the names of earlier results in a cell.
type past struct {
	host
	counts   []int // of the results, in order
	base     int   // of the item's positions in the cell
	declared map[string]bool
	names    map[*ast.Ident]bool // that are no values: declared, assigned to, selected
	wanted   map[int]bool
	edits    []pastEdit
	err      error
}

// noteNames notes the identifiers that do not stand for a value.
func (p *past) noteNames(file *ast.File) {
	if p.names == nil {
		p.names = map[*ast.Ident]bool{}
	}
	none := func(declares bool, list ...ast.Expr) {
		for _, x := range list {
			if id, ok := x.(*ast.Ident); ok {
				p.names[id] = true
				p.declared[id.Name] = p.declared[id.Name] || declares
			}
		}
	}
	idents := func(list []*ast.Ident) {
		for _, id := range list {
			none(true, id)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			none(n.Tok == token.DEFINE, n.Lhs...)
		case *ast.RangeStmt:
			none(n.Tok == token.DEFINE, n.Key, n.Value)
		case *ast.Field:
			idents(n.Names)
		case *ast.ValueSpec:
			idents(n.Names)
		case *ast.TypeSpec:
			none(true, n.Name)
		case *ast.FuncDecl:
			none(true, n.Name)
		case *ast.SelectorExpr:
			none(false, n.Sel)
		case *ast.KeyValueExpr:
			none(false, n.Key)
		case *ast.LabeledStmt:
			none(false, n.Label)
		case *ast.BranchStmt:
			if n.Label != nil {
				none(false, n.Label)
			}
		}
		return true
	})
}

// isUsers reports whether a name has a meaning that cells have given it.
func (p *past) isUsers(name string) bool { return p.declared[name] || p.Known(name) }

func (p *past) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IndexExpr:
		id, isName := n.X.(*ast.Ident)
		index, isNumber := n.Index.(*ast.BasicLit)
		if !isName || !isNumber || index.Kind != token.INT || p.isUsers(id.Name) {
			return true
		}
		number, err := strconv.Atoi(index.Value)
		if err != nil {
			return true
		}
		switch id.Name {
		case "In":
			p.replace(n, strconv.Quote(p.input(number)))
			return false
		case "Out":
			p.result(n, number, fmt.Sprintf("Out[%d]", number))
			return false
		}
	case *ast.Ident:
		if p.names[n] || n.Name != "_" && p.isUsers(n.Name) {
			return true
		}
		switch {
		case n.Name == "_", n.Name == "__", n.Name == "___":
			if at := len(p.counts) - len(n.Name); at >= 0 {
				p.result(n, p.counts[at], n.Name)
			}
		case n.Name == "In":
			var list []string
			for _, in := range p.magics.Inputs() {
				for len(list) <= in.Count {
					list = append(list, `""`)
				}
				list[in.Count] = strconv.Quote(in.Code)
			}
			p.replace(n, "([]string{"+strings.Join(list, ", ")+"})")
		case n.Name == "Out":
			text := "(map[int]any{"
			for _, count := range p.counts {
				p.wanted[count] = true
				text += fmt.Sprintf("%d: _%d, ", count, count)
			}
			p.replace(n, text+"})")
		case strings.HasPrefix(n.Name, "_"):
			if number, err := strconv.Atoi(n.Name[1:]); err == nil && slices.Contains(p.counts, number) {
				p.wanted[number] = true
			}
		}
	}
	return true
}

// result has a node stand for the variable of a result.
func (p *past) result(n ast.Node, number int, as string) {
	if !slices.Contains(p.counts, number) {
		if p.err == nil {
			p.err = &display.Failure{Name: "UsageError", Value: fmt.Sprintf("%s: In[%d] has shown no value in this session", as, number)}
		}
		return
	}
	p.wanted[number] = true
	p.replace(n, fmt.Sprintf("_%d", number))
}

func (p *past) replace(n ast.Node, text string) {
	p.edits = append(p.edits, pastEdit{p.base + int(n.Pos()), p.base + int(n.End()), text})
}

func (p *past) input(number int) (code string) {
	for _, in := range p.magics.Inputs() {
		if in.Count == number {
			code = in.Code
		}
	}
	return code
}

// declareResult declares the variable of a cell's result, with its type where cells can name that,
// else as any.
func (s *Session) declareResult(ctx context.Context, n int) error {
	name := fmt.Sprintf("_%d", n)
	s.mu.Lock()
	d, t := s.scope.Names.Current[name], s.results[n]
	declared := d != nil && !s.scope.Names.Lost(d)
	s.mu.Unlock()
	if declared {
		return nil
	}
	kernels := scope.Reserved + "nb"
	imports := map[string]string{s.scope.Runtime: kernels}
	typed := types.TypeString(t, func(p *types.Package) string {
		if p.Path() == scope.PackagePath {
			return ""
		}
		if imports[p.Path()] == "" {
			imports[p.Path()] = fmt.Sprintf("%st%d", scope.Reserved, len(imports))
		}
		return imports[p.Path()]
	})
	var err error
	for _, as := range []string{typed, "any"} {
		code := ""
		for path, local := range imports {
			if as != "any" || local == kernels {
				code += fmt.Sprintf("import %s %q\n", local, path)
			}
		}
		code += fmt.Sprintf("%s := %s.Kept[%s](%d)", name, kernels, as, n)
		if err = s.runInternal(ctx, takeApart(code), discard{}); err == nil {
			return nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scope.Names.Forget(name) // it has no value
	return err
}
