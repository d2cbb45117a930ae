package frontend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// declare gives each name that the cell declares its version. A variable
// declared again with the same type is the same variable, unless the declaration
// keeps a hold of the earlier one.
func (e *emitter) declare() {
	outliving := e.outliving()
	e.fresh = map[types.Object]*scope.Declaration{}
	for name := range e.Declared {
		obj := e.Package.Scope().Lookup(name)
		if obj == nil {
			continue
		}
		old := e.Scope.Names.Current[name]
		if e.Revised[name] != nil {
			if d := e.keepSymbol(obj, old); d != nil {
				e.fresh[obj] = d
				continue
			}
		}
		if v, ok := obj.(*types.Var); ok && old != nil && !outliving[old] {
			if was, ok := old.Object.(*types.Var); ok && types.Identical(was.Type(), v.Type()) {
				e.fresh[obj] = old
				continue
			}
		}
		d := &scope.Declaration{
			Name: name, Ident: e.freshIdent(name),
			Object: obj, Unit: e.ID, Needs: scope.NewNeeds(), Doc: e.Docs[name], Pragmas: e.Pragmas[name],
		}
		if target, ok := e.Linknames[name]; ok {
			d.Linkname = &target
		}
		e.fresh[obj] = e.Scope.Names.Number(d)
	}
}

// freshIdent returns an identifier that no symbol in the worker has, nor any other
// in the cell. Go's predeclared names keep their meaning in what the kernel writes.
func (e *emitter) freshIdent(name string) string {
	taken := e.Scope.Names.Idents
	if !taken[name] && types.Universe.Lookup(name) == nil {
		return name
	}
	ident := scope.VersionName(name, e.ID)
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
			text, err := e.Scope.TypeText(obj.Type(), e.fresh, d.Needs)
			if err != nil {
				return e.FailureAt(obj.Pos(), fmt.Sprintf("%s cannot live on: %v; hold it in a variable of an interface type", d.Name, err))
			}
			d.Text = e.lineMark(obj.Pos()) + "var " + d.Ident + " " + text
		case *types.Const:
			d.Text = "const " + d.Ident + " "
			if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
				text, err := e.Scope.TypeText(obj.Type(), e.fresh, d.Needs)
				if err != nil {
					return e.FailureAt(obj.Pos(), err.Error())
				}
				d.Text += text
			}
			d.Text += " = " + scope.ConstantText(obj)
		case *types.TypeName:
			d.Text = scope.PragmaText(d.Pragmas) + e.lineMark(obj.Pos()) + "type " + e.nodeText(nodes[obj.Pos()], d.Needs)
		case *types.Func:
			if d.Unit != e.ID { // its type is revised, its code stays
				text, err := e.Scope.TypeText(obj.Type(), e.fresh, d.Needs)
				if err != nil {
					return e.FailureAt(obj.Pos(), err.Error())
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
			d.Source, d.Mark = e.Texts[d.Name], e.lineMark(d.Object.Pos())
			if fn, ok := nodes[d.Object.Pos()].(*ast.FuncDecl); ok {
				d.Mark = e.lineMark(fn.Pos())
			}
			if n := nodes[d.Object.Pos()]; n != nil {
				d.Whole, d.Mentions = e.needsOf(n), e.mentionsOf(n, d.Name)
				if _, again := e.Again[d.Name]; again {
					e.restated = append(e.restated, n)
				}
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
	m := &scope.Method{Name: fn.Name.Name, Needs: scope.NewNeeds(), Unit: e.ID, Source: e.Texts[probe.MethodKey(d.Name, fn.Name.Name)], Doc: e.Docs[probe.MethodKey(d.Name, fn.Name.Name)]}
	key := probe.MethodKey(d.Name, fn.Name.Name)
	m.Mark, m.Whole, m.Pragmas, m.Mentions = e.lineMark(fn.Pos()), e.needsOf(fn), e.Pragmas[key], e.mentionsOf(fn, key)
	m.Text = scope.PragmaText(m.Pragmas) + m.Mark + e.nodeText(fn, m.Needs)
	d.Methods = append(d.Methods, m)
	if _, again := e.Again[key]; again {
		e.restated = append(e.restated, fn)
	}
}

// lineMark keeps the place that the user wrote a declaration at.
func (e *emitter) lineMark(pos token.Pos) string {
	p := e.Fset.Position(pos)
	return probe.LineMark(p.Filename, p.Line, p.Column)
}

// declarationNodes finds the nodes of the probe's second part by the position
// of the name that they declare.
func (e *emitter) declarationNodes() map[token.Pos]ast.Node {
	nodes := map[token.Pos]ast.Node{}
	for _, d := range e.Syntax.Decls {
		if e.offset(d.Pos()) < e.DeclFrom || d == e.Body {
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

// receiver is the declaration of a method's type.
func (e *emitter) receiver(fn *ast.FuncDecl) *scope.Declaration {
	id := syntax.ReceiverIdent(fn)
	if id == nil {
		return nil
	}
	obj := e.Info.Uses[id]
	if typ, ok := obj.(*types.TypeName); ok && typ.IsAlias() {
		obj = probe.NamedBehind(typ)
	}
	return e.lookup(obj)
}

// keepSymbol is the revised declaration of a variable, a function or a
// constant: the symbol of the one before, under the type's new version.
func (e *emitter) keepSymbol(obj types.Object, was *scope.Declaration) *scope.Declaration {
	if e.IsTextual(was) {
		return nil
	}
	d := *was
	d.Object, d.Needs, d.Text, d.Methods = obj, scope.NewNeeds(), "", nil
	return e.Scope.Names.Number(&d)
}
