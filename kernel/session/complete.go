package session

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/scope"
)

// A view is a cell being edited, as far as the type checker understands it.
type view struct {
	fset *token.FileSet
	file *ast.File
	info *types.Info
	pkg  *types.Package
	body *ast.FuncDecl
}

// typing is the context of what a front end asks while the user types: an answer that
// comes late is of no use, and nothing is built or fetched for it.
func typing() (context.Context, context.CancelFunc) {
	return context.WithTimeout(build.Quickly(context.Background()), 700*time.Millisecond)
}

// look checks a cell that need not be finished; what is wrong in it is passed
// over. The mutex is held.
func (s *Session) look(ctx context.Context, code string) *view {
	c := cell.Split(code)
	var items []cell.Item
	for _, item := range c.Items {
		if item.Kind != cell.Magic && item.Kind != cell.Package {
			items = append(items, item)
		}
	}
	u := probe.New(s.scope, s.units, c, items)
	u.Internal = true // the marker is
	_ = u.Check(ctx)  // its faults do not matter here
	if u.Info == nil {
		return nil
	}
	return &view{u.Fset, u.Syntax, u.Info, u.Package, u.Body}
}

// marker stands for what the user is about to type.
const marker = "cursor" + scope.Reserved

// before splits the text before the cursor into the path of names that the
// cursor stands in: a base expression up to a dot, and the word begun.
func before(code string, cursor int) (dot bool, word string, start int) {
	start = cursor
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(code[:start])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		start -= size
	}
	return start > 0 && code[start-1] == '.', code[start:cursor], start
}

// Complete returns what the word before the cursor may become, and the part of
// the code that it would replace; offsets are in bytes.
func (s *Session) Complete(code string, cursor int) (matches []string, start, end int) {
	ctx, done := typing()
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	cursor = min(max(cursor, 0), len(code))
	dot, word, start := before(code, cursor)
	found := map[string]bool{}
	add := func(name string) {
		if strings.HasPrefix(name, word) && name != "_" && !scope.IsReserved(name) {
			found[name] = true
		}
	}
	if dot {
		for _, obj := range s.members(ctx, code, cursor, start) {
			add(obj.Name())
		}
	} else {
		s.visibleNames(ctx, code, cursor, start, add)
	}
	for name := range found {
		matches = append(matches, name)
	}
	slices.Sort(matches)
	return matches, start, cursor
}

// members lists what can follow the dot before start.
func (s *Session) members(ctx context.Context, code string, cursor, start int) []types.Object {
	v := s.look(ctx, closeBrackets(code[:start]+marker, code[cursor:]))
	if v == nil {
		return nil
	}
	var found []types.Object
	ast.Inspect(v.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != marker || found != nil {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok {
			if pkg, ok := v.info.Uses[id].(*types.PkgName); ok {
				found = exported(pkg.Imported())
				return true
			}
		}
		if t := v.info.TypeOf(sel.X); t != nil {
			found = membersOf(t)
		}
		return true
	})
	if found == nil { // a package that nothing imports yet
		base := strings.TrimRight(code[:start-1], " ")
		i := strings.LastIndexFunc(base, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if path := s.scope.GuessImport(ctx, base[i+1:], nil); path != "" {
			if pkg, err := s.scope.Importer.Import(path); err == nil {
				found = exported(pkg)
			}
		}
	}
	return found
}

// closeBrackets makes a cell that ends in the middle parse: the rest of the
// line is kept where the whole balances, else dropped.
func closeBrackets(head, tail string) string {
	if c := cell.Split(head + tail); c.Err == nil && c.Open < 0 && !c.Unfinished {
		return head + tail
	}
	pairs := map[byte]string{'(': ")", '[': "]", '{': "\n}"}
	for range 50 {
		c := cell.Split(head)
		if c.Open < 0 {
			break
		}
		head += pairs[c.Text[c.Open]]
	}
	return head
}

func exported(pkg *types.Package) []types.Object {
	var list []types.Object
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			list = append(list, obj)
		}
	}
	return list
}

// membersOf lists fields and methods, promoted ones included.
func membersOf(t types.Type) []types.Object {
	var list []types.Object
	visible := func(obj types.Object) bool {
		return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == scope.PackagePath
	}
	base := t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		base = p.Elem()
	}
	methods := types.NewMethodSet(types.NewPointer(base))
	if types.IsInterface(base) {
		methods = types.NewMethodSet(base)
	}
	for i := range methods.Len() {
		if obj := methods.At(i).Obj(); visible(obj) {
			list = append(list, obj)
		}
	}
	var fields func(t types.Type, depth int)
	fields = func(t types.Type, depth int) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || depth > 5 {
			return
		}
		for i := range st.NumFields() {
			f := st.Field(i)
			if visible(f) {
				list = append(list, f)
			}
			if f.Embedded() {
				fields(f.Type(), depth+1)
			}
		}
	}
	fields(base, 0)
	return list
}

// visibleNames lists the names that may stand alone at the cursor.
func (s *Session) visibleNames(ctx context.Context, code string, cursor, start int, add func(string)) {
	for name := range s.scope.Names.Current {
		add(name)
	}
	for name := range s.scope.Names.Imports {
		add(name)
	}
	for _, name := range types.Universe.Names() {
		add(name)
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		add(k.String())
	}
	if v := s.look(ctx, closeBrackets(code[:start]+marker, code[cursor:])); v != nil {
		for _, name := range v.pkg.Scope().Names() {
			add(name)
		}
		ast.Inspect(v.file, func(n ast.Node) bool { // the names of enclosing functions
			if id, ok := n.(*ast.Ident); ok && id.Name == marker {
				if inner := v.pkg.Scope().Innermost(id.Pos()); inner != nil {
					for scope := inner; scope != nil && scope != types.Universe; scope = scope.Parent() {
						for _, name := range scope.Names() {
							add(name)
						}
					}
				}
			}
			return true
		})
	}
	if word := code[start:cursor]; word != "" {
		std, _ := s.workspace.StdNames(ctx) // without it there is less to offer
		for name := range std {
			add(name)
		}
	}
}

// Inspect tells what the name at the cursor is.
func (s *Session) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	ctx, done := typing()
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	cursor = min(max(cursor, 0), len(code))
	for cursor < len(code) { // to the end of the word
		r, size := utf8.DecodeRuneInString(code[cursor:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		cursor += size
	}
	dot, word, start := before(code, cursor)
	if word == "" && start > 0 && code[start-1] == '(' { // inside the brackets of a call
		return s.inspectAt(ctx, code, start-1)
	}
	if dot {
		for _, obj := range s.members(ctx, code, cursor, start) {
			if obj.Name() == word {
				return describe(obj, ""), true
			}
		}
		return display.Bundle{}, false
	}
	return s.inspectName(ctx, code, word)
}

func (s *Session) inspectAt(ctx context.Context, code string, cursor int) (display.Bundle, bool) {
	dot, word, start := before(code, cursor)
	if !dot {
		return s.inspectName(ctx, code, word)
	}
	for _, obj := range s.members(ctx, code, cursor, start) {
		if obj.Name() == word {
			return describe(obj, ""), true
		}
	}
	return display.Bundle{}, false
}

func (s *Session) inspectName(ctx context.Context, code, word string) (display.Bundle, bool) {
	if d := s.scope.Names.Current[word]; d != nil {
		return describe(d.Object, d.Doc), true
	}
	path := s.scope.Names.Imports[word]
	if path == "" {
		path = s.scope.GuessImport(ctx, word, nil)
	}
	if path != "" {
		if pkg, err := s.scope.Importer.Import(path); err == nil {
			return display.Text("package " + pkg.Name() + " // import \"" + path + "\""), true
		}
	}
	if obj := types.Universe.Lookup(word); obj != nil {
		return describe(obj, ""), true
	}
	if v := s.look(ctx, closeBrackets(code, "")); v != nil {
		for id, obj := range v.info.Defs {
			if id.Name == word && obj != nil {
				return describe(obj, ""), true
			}
		}
	}
	return display.Bundle{}, false
}

// describe writes a declaration as go doc does, with the methods of a type and the
// text of its doc comment, which may be empty.
func describe(obj types.Object, doc string) display.Bundle {
	text := types.ObjectString(obj, shortly)
	if t, ok := obj.(*types.TypeName); ok {
		set := types.NewMethodSet(types.NewPointer(t.Type()))
		for i := range set.Len() {
			if m := set.At(i).Obj(); m.Exported() || m.Pkg() != nil && m.Pkg().Path() == scope.PackagePath {
				text += "\n" + types.ObjectString(m, shortly)
			}
		}
	}
	markdown := "```go\n" + text + "\n```"
	if doc != "" {
		text += "\n\n" + doc
		markdown += "\n\n" + doc
	}
	return display.Bundle{Data: map[string]any{"text/plain": text, "text/markdown": markdown}}
}
