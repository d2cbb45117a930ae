package frontend

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// When the process that held the values has ended, the variables are there again in the next
// one, as functions mention them, and are zero. That is a value that nothing has computed: a
// cell that would use it fails instead, until a cell has declared the variable again.

// Lost tells where the cell would use variables whose values an earlier process held, itself or
// by what it mentions; nil if it does not.
func (em *Emission) Lost() error {
	u, names := em.Unit, em.Unit.Scope.Names
	em.carryValues()
	revised := map[types.Object]*scope.Declaration{}
	for _, d := range em.Declared {
		if u.Revised[d.Name] != nil {
			revised[d.Object] = d
		}
	}
	var uses []*ast.Ident
	for id := range u.Info.Uses {
		if u.Fset.PositionFor(id.Pos(), false).Offset >= u.DeclFrom && !em.isRestated(id) { // the first part is not compiled
			uses = append(uses, id)
		}
	}
	slices.SortFunc(uses, func(a, b *ast.Ident) int { return cmp.Compare(a.Pos(), b.Pos()) })
	now := em.runsAtOnce()
	told := map[*scope.Declaration]bool{}
	early, late := lostSearch{em: em, seen: map[*scope.Declaration]bool{}}, lostSearch{em: em, seen: map[*scope.Declaration]bool{}}
	var places []report.Place
	for _, id := range uses {
		obj := u.Info.Uses[id]
		d := names.ByObject[obj]
		if other := cmp.Or(u.StandsFor[obj], revised[obj]); other != nil {
			d = other
		}
		if d == nil || told[d] {
			continue
		}
		told[d] = true
		search := &late
		if now[id] {
			search = &early
			search.at = id.Pos()
		}
		p := u.Fset.Position(id.Pos())
		if names.Lost(d) {
			places = append(places, report.Place{Line: p.Line, Column: p.Column, Message: lostMessage(d)})
		} else if v := search.behind(d); v != nil {
			clear(search.seen) // the search has stopped in the middle
			places = append(places, report.Place{Line: p.Line, Column: p.Column, Message: d.Name + " may use " + v.Name + ", and " + lostMessage(v)})
		}
	}
	if len(places) == 0 {
		return nil
	}
	return u.Failure("LostValue", places)
}

// carryValues notes of the variables whose type the cell gives methods that they have their values
// if they had them before. They may have got them after the cell was compiled.
func (em *Emission) carryValues() {
	for _, d := range em.Declared {
		if was := em.Unit.Revised[d.Name]; was != nil {
			d.Process = was.Process
		}
	}
}

// isRestated reports whether a name is in the text of an earlier cell that is compiled again. That
// it is there does not mean that it runs.
func (em *Emission) isRestated(id *ast.Ident) bool {
	return slices.ContainsFunc(em.restated, func(n ast.Node) bool { return n.Pos() <= id.Pos() && id.Pos() < n.End() })
}

// runsAtOnce are the names in the cell's statements, but for those in function literals, which may
// run when the statements behind them have.
func (em *Emission) runsAtOnce() map[*ast.Ident]bool {
	now := map[*ast.Ident]bool{}
	ast.Inspect(em.Unit.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			now[id] = true
		}
		_, isLiteral := n.(*ast.FuncLit)
		return !isLiteral
	})
	return now
}

// lostSearch looks for variables without a value behind what a cell mentions. What it has seen
// is behind none, and need not be searched again for a mention further down.
type lostSearch struct {
	em   *Emission
	at   token.Pos // of the mention: what the cell declares behind it has no value yet; none for a mention that may run later
	seen map[*scope.Declaration]bool
}

// behind returns a variable without a value that a declaration mentions, itself or by what it
// mentions, and that the cell has not declared again by then; nil if there is none.
func (l *lostSearch) behind(d *scope.Declaration) *scope.Declaration {
	if l.seen[d] {
		return nil
	}
	if l.em.Unit.Revised[d.Name] == nil && slices.Contains(l.em.Declared, d) {
		// No earlier code mentions what is new; the cell's own code is definedLater's.
		if isNew := d.Unit == l.em.Unit.ID; isNew || !l.at.IsValid() || l.em.setAt[d] <= l.at {
			return nil
		}
	}
	l.seen[d] = true
	if l.em.Unit.Scope.Names.Lost(d) {
		return d
	}
	needs := []scope.Needs{d.Needs}
	if _, isVar := d.Object.(*types.Var); !isVar { // its initialiser has run
		needs = append(needs, d.Whole)
	}
	for _, m := range d.Methods {
		needs = append(needs, m.Whole)
	}
	for _, n := range needs {
		for _, other := range slices.SortedFunc(maps.Keys(n.Declarations), func(a, b *scope.Declaration) int { return a.Serial - b.Serial }) {
			if v := l.behind(other); v != nil {
				return v
			}
		}
	}
	return nil
}

// lostMessage tells what became of a variable, and what to do.
func lostMessage(d *scope.Declaration) string {
	again := "Declare it again"
	if file, _, ok := strings.Cut(strings.TrimPrefix(d.Mark, "/*line "), ":"); ok && file != "" {
		again = "Run " + file[strings.LastIndexByte(file, '/')+1:] + " again, which declares it"
	}
	if d.Process == 0 {
		return d.Name + " has no value: its cell ended before it. " + again
	}
	return d.Name + " has no value: the Go process that held it has ended. " + again
}
