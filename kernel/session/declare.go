package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// declare gives each name that the cell declares its version. A variable
// declared again with the same type is the same variable.
func (e *emitter) declare() {
	e.fresh = map[types.Object]*scope.Declaration{}
	for name := range e.declared {
		obj := e.pkg.Scope().Lookup(name)
		if obj == nil {
			continue
		}
		old := e.scope.Names.Current[name]
		if e.revised[name] != nil {
			if d := e.keepSymbol(obj, old); d != nil {
				e.fresh[obj] = d
				continue
			}
		}
		if v, ok := obj.(*types.Var); ok && old != nil {
			if was, ok := old.Object.(*types.Var); ok && types.Identical(was.Type(), v.Type()) {
				e.fresh[obj] = old
				continue
			}
		}
		d := &scope.Declaration{
			Name: name, Ident: e.freshIdent(name),
			Object: obj, Unit: e.ID, Needs: scope.NewNeeds(), Doc: e.docs[name], Pragmas: e.pragmas[name],
		}
		if target, ok := e.linknames[name]; ok {
			d.Linkname = &target
		}
		e.fresh[obj] = e.scope.Names.Number(d)
	}
}

// freshIdent returns an identifier that no symbol in the worker has, nor any other
// in the cell. Go's predeclared names keep their meaning in what the kernel writes.
func (u *unit) freshIdent(name string) string {
	taken := u.scope.Names.Idents
	if !taken[name] && types.Universe.Lookup(name) == nil {
		return name
	}
	ident := scope.VersionName(name, u.ID)
	for taken[ident] { // by an object that could not be loaded
		ident += "_"
	}
	return ident
}

// texts writes what later units need of each fresh declaration.
func (e *emitter) texts(ordered []*scope.Declaration) error {
	nodes := e.declarationNodes()
	for _, d := range ordered {
		if d.Text != "" { // a variable of an earlier cell, assigned to
			continue
		}
		switch obj := d.Object.(type) {
		case *types.Var:
			text, err := e.scope.TypeText(obj.Type(), e.fresh, d.Needs)
			if err != nil {
				return e.failureAt(obj.Pos(), fmt.Sprintf("%s cannot live on: %v; hold it in a variable of an interface type", d.Name, err))
			}
			d.Text = e.lineMark(obj.Pos()) + "var " + d.Ident + " " + text
		case *types.Const:
			d.Text = "const " + d.Ident + " "
			if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
				text, err := e.scope.TypeText(obj.Type(), e.fresh, d.Needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.Text += text
			}
			d.Text += " = " + scope.ConstantText(obj)
		case *types.TypeName:
			d.Text = scope.PragmaText(d.Pragmas) + e.lineMark(obj.Pos()) + "type " + e.nodeText(nodes[obj.Pos()], d.Needs)
		case *types.Func:
			if d.Unit != e.ID { // its type is revised, its code stays
				text, err := e.scope.TypeText(obj.Type(), e.fresh, d.Needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.DeclareFunction(strings.TrimPrefix(text, "func"))
				break
			}
			fn := nodes[obj.Pos()].(*ast.FuncDecl)
			if fn.Type.TypeParams != nil {
				d.Text = scope.PragmaText(d.Pragmas) + e.lineMark(fn.Pos()) + e.nodeText(fn, d.Needs)
				break
			}
			d.Needs.Add(e.needsOf(fn.Type))
			d.DeclareFunction(e.render(e.offset(fn.Type.Params.Pos()), e.offset(fn.Type.End())))
		}
		if d.Unit == e.ID {
			d.Source, d.Mark = e.sources[d.Name], e.lineMark(d.Object.Pos())
			if fn, ok := nodes[d.Object.Pos()].(*ast.FuncDecl); ok {
				d.Mark = e.lineMark(fn.Pos())
			}
			if n := nodes[d.Object.Pos()]; n != nil {
				d.Whole, d.Mentions = e.needsOf(n), e.mentionsOf(n, d.Name)
			}
		}
	}
	for _, n := range nodes {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv != nil {
			e.addMethod(fn)
		}
	}
	return nil
}

func (e *emitter) addMethod(fn *ast.FuncDecl) {
	d := e.receiver(fn)
	if d == nil {
		return
	}
	m := &scope.Method{Name: fn.Name.Name, Needs: scope.NewNeeds(), Unit: e.ID, Source: e.sources[methodKey(d.Name, fn.Name.Name)]}
	key := methodKey(d.Name, fn.Name.Name)
	m.Mark, m.Whole, m.Pragmas, m.Mentions = e.lineMark(fn.Pos()), e.needsOf(fn), e.pragmas[key], e.mentionsOf(fn, key)
	m.Text = scope.PragmaText(m.Pragmas) + m.Mark + e.nodeText(fn, m.Needs)
	d.Methods = append(d.Methods, m)
}

func methodKey(typ, name string) string { return typ + "." + name }

// lineMark keeps the place that the user wrote a declaration at.
func (e *emitter) lineMark(pos token.Pos) string {
	p := e.fset.Position(pos)
	return lineMark(p.Filename, p.Line, p.Column)
}

// declarationNodes finds the nodes of the probe's second part by the position
// of the name that they declare.
func (e *emitter) declarationNodes() map[token.Pos]ast.Node {
	nodes := map[token.Pos]ast.Node{}
	for _, d := range e.file.Decls {
		if e.offset(d.Pos()) < e.declFrom || d == e.body {
			continue
		}
		switch d := d.(type) {
		case *ast.FuncDecl:
			nodes[d.Name.Pos()] = d
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					nodes[spec.Name.Pos()] = spec
				}
			}
		}
	}
	return nodes
}

// dropKnown leaves out the types and functions that are declared already,
// letter by letter, and that mean what they meant: a cell that runs again keeps
// the identity of its types.
func (u *unit) dropKnown(all []parsed) []parsed {
	known := map[string]bool{}
	for _, p := range all {
		switch p.item.Kind {
		case cell.Func:
			u.sources[p.fn.Name.Name] = u.Cell.Source(p.item)
		case cell.Method:
			u.sources[methodKey(u.receiverName(p.fn), p.fn.Name.Name)] = u.Cell.Source(p.item)
		case cell.Type:
			for _, spec := range p.gen.Specs {
				spec := spec.(*ast.TypeSpec)
				u.sources[spec.Name.Name] = u.Cell.Text[p.offset(spec.Pos()):p.offset(spec.End())]
			}
		}
	}
	for name := range u.declared {
		d := u.scope.Names.Current[name]
		if d == nil || d.Source == "" || d.Source != u.sources[name] || !slices.Equal(d.Pragmas, u.pragmas[name]) || u.relinks(d) {
			continue
		}
		known[name] = true
	}
	for changed := true; changed; { // what mentions a changed thing has changed
		changed = false
		for name, ok := range known {
			if ok && !u.unchanged(u.scope.Names.Current[name], known) {
				known[name], changed = false, true
			}
		}
	}
	var rest []parsed
	for _, p := range all {
		switch {
		case p.item.Kind == cell.Func && known[p.fn.Name.Name],
			p.item.Kind == cell.Method && known[u.receiverName(p.fn)] && u.hasMethod(u.scope.Names.Current[u.receiverName(p.fn)], p),
			p.item.Kind == cell.Type && u.allKnown(p.gen, known):
			continue
		}
		rest = append(rest, p)
	}
	for name, ok := range known {
		if ok && u.dropped(rest, name) {
			delete(u.declared, name)
		}
	}
	return rest
}

func (u *unit) allKnown(gen *ast.GenDecl, known map[string]bool) bool {
	for _, spec := range gen.Specs {
		if !known[spec.(*ast.TypeSpec).Name.Name] {
			return false
		}
	}
	return true
}

// dropped tells whether no item of the rest declares the name.
func (u *unit) dropped(rest []parsed, name string) bool {
	for _, p := range rest {
		if p.item.Kind == cell.Type {
			for _, spec := range p.gen.Specs {
				if spec.(*ast.TypeSpec).Name.Name == name {
					return false
				}
			}
		}
	}
	return true
}

// hasMethod reports whether a type has the method as the cell declares it.
func (u *unit) hasMethod(d *scope.Declaration, p parsed) bool {
	name := p.fn.Name.Name
	return slices.ContainsFunc(d.Methods, func(m *scope.Method) bool {
		return m.Name == name && m.Source == u.Cell.Source(p.item) && slices.Equal(m.Pragmas, u.pragmas[methodKey(d.Name, name)])
	})
}

// relinks reports whether the cell has another //go:linkname for an earlier
// declaration than the one that it was made with.
func (u *unit) relinks(d *scope.Declaration) bool {
	target, linked := u.linknames[d.Name]
	return linked != (d.Linkname != nil) || linked && target != *d.Linkname
}

// unchanged tells whether all that a declaration mentions is still current and
// not declared anew by the cell.
func (u *unit) unchanged(d *scope.Declaration, known map[string]bool) bool {
	if d.MentionsPackage(u.scope.Superseded) {
		return false
	}
	all := scope.NewNeeds()
	all.Add(d.Needs)
	all.Add(d.Whole)
	for _, m := range d.Methods {
		all.Add(m.Needs)
		all.Add(m.Whole)
	}
	for other := range all.Declarations {
		if other == d {
			continue
		}
		if u.scope.Names.Current[other.Name] != other || u.declared[other.Name] && !known[other.Name] {
			return false
		}
	}
	return true
}
