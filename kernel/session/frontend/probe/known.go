package probe

import (
	"go/ast"
	"slices"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// dropKnown leaves out the types and functions that are declared already,
// letter by letter, and that mean what they meant: a cell that runs again keeps
// the identity of its types.
func (u *Unit) dropKnown(all []parsed) []parsed {
	known := map[string]bool{}
	for _, p := range all {
		switch p.item.Kind {
		case cell.Func:
			u.Texts[p.fn.Name.Name] = u.Cell.Source(p.item)
		case cell.Method:
			u.Texts[MethodKey(u.receiverName(p.fn), p.fn.Name.Name)] = u.Cell.Source(p.item)
		case cell.Type:
			for _, spec := range p.gen.Specs {
				spec := spec.(*ast.TypeSpec)
				u.Texts[spec.Name.Name] = u.Cell.Text[p.offset(spec.Pos()):p.offset(spec.End())]
			}
		}
	}
	for name := range u.Declared {
		d := u.Scope.Names.Current[name]
		if d == nil || d.Source == "" || d.Source != u.Texts[name] || !slices.Equal(d.Pragmas, u.Pragmas[name]) || u.relinks(d) {
			continue
		}
		known[name] = true
	}
	for changed := true; changed; { // what mentions a changed thing has changed
		changed = false
		for name, ok := range known {
			if ok && !u.unchanged(u.Scope.Names.Current[name], known) {
				known[name], changed = false, true
			}
		}
	}
	var rest []parsed
	for _, p := range all {
		switch {
		case p.item.Kind == cell.Func && known[p.fn.Name.Name],
			p.item.Kind == cell.Method && known[u.receiverName(p.fn)] && u.hasMethod(u.Scope.Names.Current[u.receiverName(p.fn)], p),
			p.item.Kind == cell.Type && u.allKnown(p.gen, known):
			continue
		}
		rest = append(rest, p)
	}
	for name, ok := range known {
		if ok && u.dropped(rest, name) {
			delete(u.Declared, name)
		}
	}
	return rest
}

func (u *Unit) allKnown(gen *ast.GenDecl, known map[string]bool) bool {
	for _, spec := range gen.Specs {
		if !known[spec.(*ast.TypeSpec).Name.Name] {
			return false
		}
	}
	return true
}

// dropped tells whether no item of the rest declares the name.
func (u *Unit) dropped(rest []parsed, name string) bool {
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
func (u *Unit) hasMethod(d *scope.Declaration, p parsed) bool {
	name := p.fn.Name.Name
	return slices.ContainsFunc(d.Methods, func(m *scope.Method) bool {
		return m.Name == name && m.Source == u.Cell.Source(p.item) && slices.Equal(m.Pragmas, u.Pragmas[MethodKey(d.Name, name)])
	})
}

// relinks reports whether the cell has another //go:linkname for an earlier
// declaration than the one that it was made with.
func (u *Unit) relinks(d *scope.Declaration) bool {
	target, linked := u.Linknames[d.Name]
	return linked != (d.Linkname != nil) || linked && target != *d.Linkname
}

// unchanged tells whether all that a declaration mentions is still current and
// not redeclared by the cell.
func (u *Unit) unchanged(d *scope.Declaration, known map[string]bool) bool {
	if d.MentionsPackage(u.Scope.Superseded) {
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
		if u.Scope.Names.Current[other.Name] != other || u.Declared[other.Name] && !known[other.Name] {
			return false
		}
	}
	return true
}

// MethodKey returns what maps by name or type.method have a method by.
func MethodKey(typ, name string) string { return typ + "." + name }
