package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/cell"
)

// declare gives each name that the cell declares its version. A variable
// declared again with the same type is the same variable.
func (e *emitter) declare() error {
	e.fresh = map[types.Object]*declaration{}
	for name := range e.declared {
		obj := e.pkg.Scope().Lookup(name)
		if obj == nil {
			continue
		}
		old := e.session.names.current[name]
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
		e.fresh[obj] = &declaration{
			name: name, ident: e.freshIdent(name),
			object: obj, unit: e.id, needs: newNeeds(),
		}
	}
	return nil
}

// freshIdent returns an identifier that no symbol in the worker has, nor any other
// in the cell. Go's predeclared names keep their meaning in what the kernel writes.
func (u *unit) freshIdent(name string) string {
	taken := u.session.names.idents
	if !taken[name] && !strings.HasPrefix(name, "nb") && types.Universe.Lookup(name) == nil { // nb… is the kernel's
		return name
	}
	ident := fmt.Sprintf("%s_%d", name, u.id)
	for taken[ident] || u.declared[ident] {
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
			text, err := e.session.typeText(obj.Type(), e.fresh, d.needs)
			if err != nil {
				return e.failureAt(obj.Pos(), fmt.Sprintf("%s cannot live on: %v; hold it in a variable of an interface type", d.name, err))
			}
			d.text = e.lineMark(obj.Pos()) + "var " + d.ident + " " + text
		case *types.Const:
			d.text = "const " + d.ident + " "
			if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
				text, err := e.session.typeText(obj.Type(), e.fresh, d.needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.text += text
			}
			d.text += " = " + constantText(obj)
		case *types.TypeName:
			d.text = e.lineMark(obj.Pos()) + "type " + e.nodeText(nodes[obj.Pos()], d.needs)
		case *types.Func:
			if d.unit != e.id { // its type is revised, its code stays
				text, err := e.session.typeText(obj.Type(), e.fresh, d.needs)
				if err != nil {
					return e.failureAt(obj.Pos(), err.Error())
				}
				d.text = "func " + d.ident + strings.TrimPrefix(text, "func")
				break
			}
			fn := nodes[obj.Pos()].(*ast.FuncDecl)
			if fn.Type.TypeParams != nil {
				d.text = e.lineMark(fn.Pos()) + e.nodeText(fn, d.needs)
				break
			}
			d.needs.add(e.needsOf(fn.Type))
			d.text = e.render(e.offset(fn.Pos()), e.offset(fn.Type.End()))
			d.bodyless = true
		}
		if d.unit == e.id {
			d.source, d.mark = e.sources[d.name], e.lineMark(d.object.Pos())
			if fn, ok := nodes[d.object.Pos()].(*ast.FuncDecl); ok {
				d.mark = e.functionMark(fn)
			}
			if n := nodes[d.object.Pos()]; n != nil {
				d.whole = e.needsOf(n)
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
	m.mark, m.whole = e.lineMark(fn.Pos()), e.needsOf(fn)
	m.text = m.mark + e.nodeText(fn, m.needs)
	d.methods = append(d.methods, m)
}

func methodKey(typ, name string) string { return typ + "." + name }

// lineMark keeps the place that the user wrote a declaration at.
func (e *emitter) lineMark(pos token.Pos) string {
	p := e.fset.Position(pos)
	return lineMark(p.Filename, p.Line, p.Column)
}

// functionMark is the lineMark of a function's first word. The probe has a mark of
// its own only behind the function's name.
func (e *emitter) functionMark(fn *ast.FuncDecl) string {
	behind := fn.Type.Params.Pos()
	if fn.Type.TypeParams != nil {
		behind = fn.Type.TypeParams.Pos()
	}
	p := e.fset.Position(behind)
	return lineMark(p.Filename, p.Line, p.Column-len("func ")-len(fn.Name.Name))
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
		d := u.session.names.current[name]
		if d == nil || d.source == "" || d.source != u.sources[name] {
			continue
		}
		known[name] = true
	}
	for changed := true; changed; { // what mentions a changed thing has changed
		changed = false
		for name, ok := range known {
			if ok && !u.unchanged(u.session.names.current[name], known) {
				known[name], changed = false, true
			}
		}
	}
	var rest []parsed
	for _, p := range all {
		switch {
		case p.item.Kind == cell.Func && known[p.fn.Name.Name],
			p.item.Kind == cell.Method && known[u.receiverName(p.fn)] && u.session.names.current[u.receiverName(p.fn)].method(p.fn.Name.Name, u.cell.Source(p.item)),
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

func (d *declaration) method(name, source string) bool {
	for _, m := range d.methods {
		if m.name == name {
			return m.source == source
		}
	}
	return false
}

// unchanged tells whether all that a declaration mentions is still current and
// not declared anew by the cell.
func (u *unit) unchanged(d *declaration, known map[string]bool) bool {
	if d.mentionsPackage(u.session.superseded) {
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
		if u.session.names.current[other.name] != other || u.declared[other.name] && !known[other.name] {
			return false
		}
	}
	return true
}
