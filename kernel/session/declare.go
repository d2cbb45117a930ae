package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"locuslab/kernel/cell"
)

// declare gives each name that the cell declares its version. A variable
// declared again with the same type is the same variable.
func (e *emitter) declare() {
	e.fresh = map[types.Object]*declaration{}
	for name := range e.declared {
		obj := e.pkg.Scope().Lookup(name)
		if obj == nil {
			continue
		}
		old := e.scope.names.current[name]
		if e.revised[name] != nil {
			if d := e.keepSymbol(obj, old); d != nil {
				e.fresh[obj] = d
				continue
			}
		}
		if v, ok := obj.(*types.Var); ok && old != nil {
			if was, ok := old.object.(*types.Var); ok && types.Identical(was.Type(), v.Type()) {
				e.fresh[obj] = old
				continue
			}
		}
		d := &declaration{
			name: name, ident: e.freshIdent(name),
			object: obj, unit: e.id, needs: newNeeds(), doc: e.docs[name], pragmas: e.pragmas[name],
		}
		if target, ok := e.linknames[name]; ok {
			d.linkname = &target
		}
		e.fresh[obj] = e.scope.names.number(d)
	}
}

// freshIdent returns an identifier that no symbol in the worker has, nor any other
// in the cell. Go's predeclared names keep their meaning in what the kernel writes.
func (u *unit) freshIdent(name string) string {
	taken := u.scope.names.idents
	if !taken[name] && types.Universe.Lookup(name) == nil {
		return name
	}
	ident := versionName(name, u.id)
	for taken[ident] { // by an object that could not be loaded
		ident += "_"
	}
	return ident
}

// texts writes what later units need of each fresh declaration.
func (e *emitter) texts(ordered []*declaration) error {
	nodes := e.declarationNodes()
	for _, d := range ordered {
		if d.text != "" { // a variable of an earlier cell, assigned to
			continue
		}
		switch obj := d.object.(type) {
		case *types.Var:
			text, err := e.scope.typeText(obj.Type(), e.fresh, d.needs)
			if err != nil {
				return e.failureAt(obj.Pos(), fmt.Sprintf("%s cannot live on: %v; hold it in a variable of an interface type", d.name, err))
			}
			d.text = e.lineMark(obj.Pos()) + "var " + d.ident + " " + text
		case *types.Const:
			d.text = "const " + d.ident + " "
			if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
				text, err := e.scope.typeText(obj.Type(), e.fresh, d.needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.text += text
			}
			d.text += " = " + constantText(obj)
		case *types.TypeName:
			d.text = pragmaText(d.pragmas) + e.lineMark(obj.Pos()) + "type " + e.nodeText(nodes[obj.Pos()], d.needs)
		case *types.Func:
			if d.unit != e.id { // its type is revised, its code stays
				text, err := e.scope.typeText(obj.Type(), e.fresh, d.needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.declareFunction(strings.TrimPrefix(text, "func"))
				break
			}
			fn := nodes[obj.Pos()].(*ast.FuncDecl)
			if fn.Type.TypeParams != nil {
				d.text = pragmaText(d.pragmas) + e.lineMark(fn.Pos()) + e.nodeText(fn, d.needs)
				break
			}
			d.needs.add(e.needsOf(fn.Type))
			d.declareFunction(e.render(e.offset(fn.Type.Params.Pos()), e.offset(fn.Type.End())))
		}
		if d.unit == e.id {
			d.source, d.mark = e.sources[d.name], e.lineMark(d.object.Pos())
			if fn, ok := nodes[d.object.Pos()].(*ast.FuncDecl); ok {
				d.mark = e.lineMark(fn.Pos())
			}
			if n := nodes[d.object.Pos()]; n != nil {
				d.whole, d.mentions = e.needsOf(n), e.mentionsOf(n, d.name)
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
	m := &method{name: fn.Name.Name, needs: newNeeds(), unit: e.id, source: e.sources[methodKey(d.name, fn.Name.Name)]}
	key := methodKey(d.name, fn.Name.Name)
	m.mark, m.whole, m.pragmas, m.mentions = e.lineMark(fn.Pos()), e.needsOf(fn), e.pragmas[key], e.mentionsOf(fn, key)
	m.text = pragmaText(m.pragmas) + m.mark + e.nodeText(fn, m.needs)
	d.methods = append(d.methods, m)
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
			u.sources[p.fn.Name.Name] = u.cell.Source(p.item)
		case cell.Method:
			u.sources[methodKey(u.receiverName(p.fn), p.fn.Name.Name)] = u.cell.Source(p.item)
		case cell.Type:
			for _, spec := range p.gen.Specs {
				spec := spec.(*ast.TypeSpec)
				u.sources[spec.Name.Name] = u.cell.Text[p.offset(spec.Pos()):p.offset(spec.End())]
			}
		}
	}
	for name := range u.declared {
		d := u.scope.names.current[name]
		if d == nil || d.source == "" || d.source != u.sources[name] || !slices.Equal(d.pragmas, u.pragmas[name]) || u.relinks(d) {
			continue
		}
		known[name] = true
	}
	for changed := true; changed; { // what mentions a changed thing has changed
		changed = false
		for name, ok := range known {
			if ok && !u.unchanged(u.scope.names.current[name], known) {
				known[name], changed = false, true
			}
		}
	}
	var rest []parsed
	for _, p := range all {
		switch {
		case p.item.Kind == cell.Func && known[p.fn.Name.Name],
			p.item.Kind == cell.Method && known[u.receiverName(p.fn)] && u.hasMethod(u.scope.names.current[u.receiverName(p.fn)], p),
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
func (u *unit) hasMethod(d *declaration, p parsed) bool {
	name := p.fn.Name.Name
	return slices.ContainsFunc(d.methods, func(m *method) bool {
		return m.name == name && m.source == u.cell.Source(p.item) && slices.Equal(m.pragmas, u.pragmas[methodKey(d.name, name)])
	})
}

// relinks reports whether the cell has another //go:linkname for an earlier
// declaration than the one that it was made with.
func (u *unit) relinks(d *declaration) bool {
	target, linked := u.linknames[d.name]
	return linked != (d.linkname != nil) || linked && target != *d.linkname
}

// unchanged tells whether all that a declaration mentions is still current and
// not declared anew by the cell.
func (u *unit) unchanged(d *declaration, known map[string]bool) bool {
	if d.mentionsPackage(u.scope.superseded) {
		return false
	}
	all := newNeeds()
	all.add(d.needs)
	all.add(d.whole)
	for _, m := range d.methods {
		all.add(m.needs)
		all.add(m.whole)
	}
	for other := range all.declarations {
		if other == d {
			continue
		}
		if u.scope.names.current[other.name] != other || u.declared[other.name] && !known[other.name] {
			return false
		}
	}
	return true
}
