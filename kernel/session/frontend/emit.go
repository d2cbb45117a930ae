package frontend

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/scope"
)

// An edit replaces part of the probe's text. Where write is set, the
// replacement is made of parts that are edited themselves.
type edit struct {
	from, to int
	outer    bool // goes before all else that is inserted there
	text     string
	write    func() string
}

// An emitter makes the file that is compiled out of the probe.
type emitter struct {
	*probe.Unit
	edits  []edit
	fresh  map[types.Object]*scope.Declaration // what the cell declares
	source string

	settles   [][]*scope.Declaration              // the variables of each statement that declares some
	restated  []ast.Node                          // declarations of earlier cells that are compiled again
	setAt     map[*scope.Declaration]token.Pos    // where the statement ends that declares a variable
	zero      []*scope.Declaration                // variables that have their values without one
	selfCalls map[*ast.Ident]bool                 // by which functions call themselves
	copies    map[*ast.Ident]string               // what loops read in place of variables
	retired   []*scope.Declaration                // variables that nothing can reach when the cell has run
	newest    map[types.Object]*scope.Declaration // of types with later methods, once the cell has run

	inferred map[*ast.CallExpr]scope.Needs // of type arguments that are written out
}

func (e *emitter) offset(pos token.Pos) int { return e.Fset.PositionFor(pos, false).Offset }

func (e *emitter) replace(from, to token.Pos, text string) {
	e.edits = append(e.edits, edit{from: e.offset(from), to: e.offset(to), text: text})
}

func (e *emitter) insert(at token.Pos, text string) { e.replace(at, at, text) }

// render returns part of the probe with its edits applied.
func (e *emitter) render(from, to int) string {
	var b strings.Builder
	for _, ed := range e.edits {
		if ed.from < from || ed.to > to || (ed.from == to && ed.to == to) {
			continue
		}
		b.WriteString(e.source[from:ed.from])
		if ed.write != nil {
			b.WriteString(ed.write())
		} else {
			b.WriteString(ed.text)
		}
		from = ed.to
	}
	b.WriteString(e.source[from:to])
	return b.String()
}

// nodeText renders a node and notes what it needs.
func (e *emitter) nodeText(n ast.Node, more scope.Needs) string {
	more.Add(e.needsOf(n))
	return e.render(e.offset(n.Pos()), e.offset(n.End()))
}

// lookup finds the declaration that an identifier stands for.
func (e *emitter) lookup(obj types.Object) *scope.Declaration {
	if d := e.fresh[obj]; d != nil {
		return d
	}
	if d := e.StandsFor[obj]; d != nil {
		return d
	}
	return e.Scope.Names.ByObject[obj]
}

// needsOf lists what the text of a node mentions.
func (e *emitter) needsOf(n ast.Node) scope.Needs {
	more := scope.NewNeeds()
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if e.selfCalls[n] {
				more.Flags[e.ID] = true
			}
			obj := e.Info.Uses[n]
			if obj == nil {
				return true
			}
			if pkg, ok := obj.(*types.PkgName); ok {
				more.Packages[pkg.Imported().Path()] = true
			} else if d := e.lookup(obj); d != nil {
				more.Declarations[d] = true
			} else if fromDot(obj, e.Package) {
				more.Packages[obj.Pkg().Path()] = true
			}
		case *ast.CallExpr:
			if inferred, ok := e.inferred[n]; ok {
				more.Add(inferred)
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			more.Flags[e.ID] = true
		}
		if s, ok := n.(ast.Stmt); ok && e.waits(s) {
			more.Flags[e.ID] = true
		}
		return true
	})
	return more
}

// An Emission is a cell ready to be compiled.
type Emission struct {
	Unit     *probe.Unit // the cell as it was checked
	Source   string
	Embed    build.Embed
	Packages []string // that the source imports
	Rename   map[string]string
	Declared []*scope.Declaration
	// initial are the statements that declare the cell's variables.
	initial map[*scope.Declaration]probe.Origin
	// mentions is what the cell's own text mentions.
	Mentions scope.Needs
	// meaning tells the unit from all that do something else.
	Meaning string
	// note is what the user should know before the cell runs.
	Note string
	// settles are the variables of each statement that declares some, and zero those that have
	// their values without one.
	settles [][]*scope.Declaration
	zero    []*scope.Declaration
	// restated are the declarations of earlier cells that are compiled again.
	restated []ast.Node
	// setAt is where the statement ends that declares a variable.
	setAt map[*scope.Declaration]token.Pos
	// retired are the variables that the cell zeroes, as nothing can reach them.
	retired []*scope.Declaration
	// newest is what types are that have got methods since, when the cell gives some to any.
	newest map[types.Object]*scope.Declaration
	// defines is set for a unit that brings a symbol that the worker has not.
	Defines bool
}

// emit makes the file to compile. The type checker has found no fault in it.
func emit(u *probe.Unit) (*Emission, error) {
	e := &emitter{Unit: u, source: u.Text.String()}
	e.noteRecursion()
	e.declare()
	if err := e.definedLater(); err != nil {
		return nil, err
	}
	e.noteReach()
	e.copyForLoops()
	e.rename()
	e.repeatConstants()
	e.poll()
	e.guardGoroutines()
	e.orderVariables()
	e.retire()
	e.leaveZero()
	e.redefineFlags()
	e.failHere()
	e.showLast()
	e.upgrade()
	e.nameParameters()
	e.settle()
	e.pollBetween()
	slices.SortStableFunc(e.edits, func(a, b edit) int {
		if a.from != b.from {
			return a.from - b.from
		}
		if a.outer != b.outer {
			return map[bool]int{true: -1, false: 1}[a.outer]
		}
		if (a.from == a.to) != (b.from == b.to) { // what is inserted goes before
			return (a.to - a.from) - (b.to - b.from)
		}
		return (b.to - b.from) - (a.to - a.from) // the outer one first
	})
	all := scope.NewNeeds()
	own := map[*scope.Declaration]bool{}
	var ordered []*scope.Declaration
	for _, d := range e.fresh {
		ordered = append(ordered, d)
	}
	slices.SortFunc(ordered, func(a, b *scope.Declaration) int { return strings.Compare(a.Ident, b.Ident) })
	if err := e.texts(ordered); err != nil {
		return nil, err
	}
	var declarations strings.Builder
	for _, d := range ordered {
		own[d] = true
		all.Add(d.Needs)
		if _, isVar := d.Object.(*types.Var); isVar && d.Unit == u.ID {
			declarations.WriteString(linknameText(d) + d.Text + "\n")
		}
		if d.Bodyless && d.Unit == u.ID {
			declarations.WriteString(linknameText(d))
		}
	}
	decls := e.render(u.DeclFrom, u.BodyFrom-1)
	body := e.render(u.BodyFrom-1, len(e.source))
	for _, d := range e.Syntax.Decls { // the first part is not compiled
		if e.offset(d.Pos()) >= e.DeclFrom {
			all.Add(e.needsOf(d))
		}
	}
	for _, d := range ordered { // a variable that only changed hands
		if d.Unit != u.ID {
			delete(own, d)
			all.Declarations[d] = true
		}
	}
	declarations.WriteString(e.newVersions(ordered, all))
	embed, err := u.EmbedConfig()
	if err != nil {
		return nil, err
	}
	embeds, err := e.embedDeclarations(embed, all)
	if err != nil {
		return nil, err
	}
	declarations.WriteString(embeds)
	for _, d := range e.retired {
		all.Declarations[d] = true
	}
	prelude, reached := all.Reach(own)
	for i, d := range prelude {
		if i > 0 && d.Ident == prelude[i-1].Ident { // one symbol, which a file cannot declare with two types
			return nil, &display.Failure{Name: "CompileError", Value: fmt.Sprintf(
				"%[1]s cannot get a type with another method, as a method of the type before mentions %[1]s: declare the type again, with all of its methods, and %[1]s", d.Name)}
		}
	}
	out := &Emission{Unit: u, Rename: e.ownNames(), Declared: ordered, initial: e.initials(), settles: e.settles, restated: e.restated, zero: e.zero, setAt: e.setAt, Mentions: e.needsOf(e.Syntax), retired: e.retired, newest: e.newest}
	var text strings.Builder
	out.Note = u.RevisedNote() + e.staleNote(ordered) + u.InitsNote()
	out.Meaning = e.meaning()
	out.Defines = len(own) > 0 || embeds != "" || strings.TrimSpace(decls) != ""
	text.WriteString("package main\n")
	reached.Packages[e.Scope.Runtime] = true
	for _, path := range slices.Sorted(maps.Keys(reached.Packages)) {
		fmt.Fprintf(&text, "import %s %q\n", e.Scope.Alias(path), path)
	}
	if embeds != "" {
		text.WriteString("import _ \"embed\"\n")
		reached.Packages["embed"] = true
	}
	for _, path := range u.Blanks {
		fmt.Fprintf(&text, "import _ %q\n", path)
		reached.Packages[path] = true
	}
	if linked(ordered, prelude) {
		text.WriteString("import _ \"unsafe\"\n")
	}
	out.Packages = slices.Sorted(maps.Keys(reached.Packages))
	runtime := e.Scope.Alias(e.Scope.Runtime)
	fmt.Fprintf(&text, "var %s = %s.Stop(%d)\n", scope.StopName(u.ID), runtime, u.ID)
	for id := range reached.Flags {
		if id != u.ID {
			fmt.Fprintf(&text, "var %s *uint32\n", scope.StopName(id))
		}
	}
	text.WriteString("func " + scope.ZeroName + "[T any](v *T) { var zero T; *v = zero }\n")
	for _, d := range prelude {
		text.WriteString(linknameText(d) + d.Text + "\n")
		for _, m := range d.Methods {
			text.WriteString(m.Text + "\n")
		}
		out.noteRename(d)
	}
	for _, d := range ordered {
		out.noteRename(d)
	}
	text.WriteString(declarations.String())
	text.WriteString(decls)
	text.WriteString("\n//go:noinline" + body) // else its closures would be called the entry's
	fmt.Fprintf(&text, "\nfunc %s() { %s.Check(%s()) }\n", scope.EntryName(u.ID), runtime, u.BodyName())
	out.Source, out.Embed = text.String(), embed
	return out, nil
}

// ownNames is what stacks call the functions that the kernel makes of a cell.
func (e *emitter) ownNames() map[string]string {
	names := map[string]string{e.BodyName(): e.TopName()}
	for _, item := range e.Items {
		names[e.InitName(item.Start)] = "init"
	}
	return names
}

func (out *Emission) noteRename(d *scope.Declaration) {
	if d.Ident != d.Name {
		out.Rename[d.Ident] = d.Name
	}
}

// linked reports whether a declaration is under //go:linkname.
func linked(list ...[]*scope.Declaration) bool {
	return slices.ContainsFunc(slices.Concat(list...), func(d *scope.Declaration) bool { return d.Linkname != nil })
}

// linknameText is the directive for a declaration that has one.
func linknameText(d *scope.Declaration) string {
	if d.Linkname == nil {
		return ""
	}
	return strings.TrimRight("//go:linkname "+d.Ident+" "+*d.Linkname, " ") + "\n"
}

// Compile checks a unit and turns it into the source of a file.
func Compile(ctx context.Context, u *probe.Unit) (*Emission, error) {
	if err := u.Check(ctx); err != nil {
		return nil, err
	}
	return emit(u)
}
