package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/build"
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
	*unit
	edits  []edit
	fresh  map[types.Object]*declaration // what the cell declares
	source string

	selfCalls map[*ast.Ident]bool   // by which functions call themselves
	copies    map[*ast.Ident]string // what loops read in place of variables
	retired   []*declaration        // variables that nothing can reach when the cell has run

	inferred map[*ast.CallExpr]needs // of type arguments that are written out
}

func (e *emitter) offset(pos token.Pos) int { return e.fset.PositionFor(pos, false).Offset }

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
func (e *emitter) nodeText(n ast.Node, more needs) string {
	more.add(e.needsOf(n))
	return e.render(e.offset(n.Pos()), e.offset(n.End()))
}

// lookup finds the declaration that an identifier stands for.
func (e *emitter) lookup(obj types.Object) *declaration {
	if d := e.fresh[obj]; d != nil {
		return d
	}
	if d := e.old[obj]; d != nil {
		return d
	}
	return e.scope.names.byObject[obj]
}

// needsOf lists what the text of a node mentions.
func (e *emitter) needsOf(n ast.Node) needs {
	more := newNeeds()
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if e.selfCalls[n] {
				more.flags[e.id] = true
			}
			obj := e.info.Uses[n]
			if obj == nil {
				return true
			}
			if pkg, ok := obj.(*types.PkgName); ok {
				more.packages[pkg.Imported().Path()] = true
			} else if d := e.lookup(obj); d != nil {
				more.declarations[d] = true
			} else if fromDot(obj, e.pkg) {
				more.packages[obj.Pkg().Path()] = true
			}
		case *ast.CallExpr:
			if inferred, ok := e.inferred[n]; ok {
				more.add(inferred)
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			more.flags[e.id] = true
		}
		return true
	})
	return more
}

// An emission is a cell ready to be compiled.
type emission struct {
	source   string
	embed    build.Embed
	imports  []string
	rename   map[string]string
	entry    string
	declared []*declaration
	// initial are the statements that declare the cell's variables.
	initial map[*declaration]origin
	// mentions is what the cell's own text mentions.
	mentions needs
	// meaning tells the unit from all that do something else.
	meaning   string
	staleNote string
	// retired are the variables that the cell zeroes, as nothing can reach them.
	retired []*declaration
	// defines is set for a unit that brings a symbol that the worker has not.
	defines bool
}

// emit makes the file to compile. The type checker has found no fault in it.
func (u *unit) emit() (*emission, error) {
	e := &emitter{unit: u, source: u.text.String()}
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
	all := newNeeds()
	own := map[*declaration]bool{}
	var ordered []*declaration
	for _, d := range e.fresh {
		ordered = append(ordered, d)
	}
	slices.SortFunc(ordered, func(a, b *declaration) int { return strings.Compare(a.ident, b.ident) })
	if err := e.texts(ordered); err != nil {
		return nil, err
	}
	var declarations strings.Builder
	for _, d := range ordered {
		own[d] = true
		all.add(d.needs)
		if _, isVar := d.object.(*types.Var); isVar && d.unit == u.id {
			declarations.WriteString(linknameText(d) + d.text + "\n")
		}
		if d.bodyless && d.unit == u.id {
			declarations.WriteString(linknameText(d))
		}
	}
	decls := e.render(u.declFrom, u.bodyFrom-1)
	body := e.render(u.bodyFrom-1, len(e.source))
	for _, d := range e.file.Decls { // the first part is not compiled
		if e.offset(d.Pos()) >= e.declFrom {
			all.add(e.needsOf(d))
		}
	}
	for _, d := range ordered { // a variable that only changed hands
		if d.unit != u.id {
			delete(own, d)
			all.declarations[d] = true
		}
	}
	declarations.WriteString(e.newVersions(ordered, all))
	embed, err := u.embedConfig()
	if err != nil {
		return nil, err
	}
	embeds, err := e.embedDeclarations(embed, all)
	if err != nil {
		return nil, err
	}
	declarations.WriteString(embeds)
	for _, d := range e.retired {
		all.declarations[d] = true
	}
	prelude, reached := all.reach(own)
	out := &emission{rename: e.ownNames(), entry: u.entry(), declared: ordered, initial: e.initials(), mentions: e.needsOf(e.file), retired: e.retired}
	var text strings.Builder
	out.staleNote = e.staleNote(ordered)
	out.meaning = e.meaning()
	out.defines = len(own) > 0 || embeds != "" || strings.TrimSpace(decls) != ""
	text.WriteString("package main\n")
	reached.packages[e.scope.runtime] = true
	for _, path := range slices.Sorted(maps.Keys(reached.packages)) {
		fmt.Fprintf(&text, "import %s %q\n", e.scope.alias(path), path)
	}
	if embeds != "" {
		text.WriteString("import _ \"embed\"\n")
		reached.packages["embed"] = true
	}
	for _, path := range u.blanks {
		fmt.Fprintf(&text, "import _ %q\n", path)
		reached.packages[path] = true
	}
	if linked(ordered, prelude) {
		text.WriteString("import _ \"unsafe\"\n")
	}
	out.imports = slices.Sorted(maps.Keys(reached.packages))
	runtime := e.scope.alias(e.scope.runtime)
	fmt.Fprintf(&text, "var %s = %s.Stop(%d)\n", stopName(u.id), runtime, u.id)
	for id := range reached.flags {
		if id != u.id {
			fmt.Fprintf(&text, "var %s *uint32\n", stopName(id))
		}
	}
	text.WriteString("func " + zeroName + "[T any](v *T) { var zero T; *v = zero }\n")
	for _, d := range prelude {
		text.WriteString(linknameText(d) + d.text + "\n")
		for _, m := range d.methods {
			text.WriteString(m.text + "\n")
		}
		out.noteRename(d)
	}
	for _, d := range ordered {
		out.noteRename(d)
	}
	text.WriteString(declarations.String())
	text.WriteString(decls)
	text.WriteString("\n//go:noinline" + body) // else its closures would be called the entry's
	fmt.Fprintf(&text, "\nfunc %s() { %s.Check(%s()) }\n", entryName(u.id), runtime, u.bodyName())
	out.source, out.embed = text.String(), embed
	return out, nil
}

// ownNames is what stacks call the functions that the kernel makes of a cell.
func (u *unit) ownNames() map[string]string {
	names := map[string]string{u.bodyName(): u.topName()}
	for _, item := range u.items {
		names[u.initName(item.Start)] = "init"
	}
	return names
}

func (out *emission) noteRename(d *declaration) {
	if d.ident != d.name {
		out.rename[d.ident] = d.name
	}
}
