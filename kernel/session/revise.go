package session

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
)

// A method declared in a later cell than its type makes a new version of the
// type: the runtime lays out a type's methods once, so the old descriptor can
// have none added. What mentions the type is revised with it: types that
// contain it get a new version too, functions whose code mentions them are
// compiled again, and variables keep their symbol (the same address, the same
// value) under the new type. What an interface holds stays old; see upgrade.go.

// revise finds the types that the cell adds methods to and all that mentions
// them.
func (u *unit) revise(all []parsed) error {
	roots := map[*declaration]bool{}
	for _, p := range all {
		if p.item.Kind != cell.Method {
			continue
		}
		name := u.receiverName(p.fn)
		d := u.scope.names.current[name]
		if u.declared[name] || d == nil {
			continue
		}
		typ, ok := d.object.(*types.TypeName)
		if ok && typ.IsAlias() && namedBehind(typ) != nil { // else the checker says what is wrong
			return &display.Failure{Name: "CompileError", Value: fmt.Sprintf(
				"%s is another name of an earlier type that was declared anew since: declare %s again", name, name)}
		}
		if ok {
			roots[d] = true
		}
	}
	if len(roots) == 0 {
		return nil
	}
	affected := maps.Clone(roots)
	for grown := true; grown; {
		grown = false
		for _, d := range u.scope.names.current {
			if affected[d] || u.declared[d.name] || !d.mentionsAny(affected) && !(u.restatable(d) && d.whole.mentionsAny(affected)) {
				continue
			}
			affected[d], grown = true, true
		}
	}
	u.affected = affected
	for d := range affected {
		if why := u.cannotRevise(d); why != "" {
			return &display.Failure{Name: "CompileError", Value: fmt.Sprintf("%s %s: declare %s again, with its methods", d.name, why, d.name)}
		}
		if holder := u.scope.names.holding([]types.Type{d.object.Type()}); isGeneric(d.object) && holder != "" { // of too many types to know the new versions
			return &display.Failure{Name: "CompileError", Value: fmt.Sprintf(
				"%s is generic, and %s may hold values of it in an interface, which cannot have the method: declare %s again, with its methods", d.name, holder, d.name)}
		}
	}
	u.revised = map[string]*declaration{}
	for d := range affected {
		maps.Copy(u.needed, d.needs.packages)
		if u.isTextual(d) {
			maps.Copy(u.needed, d.whole.packages)
		}
		for _, m := range d.methods {
			maps.Copy(u.needed, m.whole.packages)
		}
		u.revised[d.name] = d
		u.declared[d.name] = true
	}
	return nil
}

// cannotRevise returns why a declaration can have no new version, or "".
func (u *unit) cannotRevise(d *declaration) string {
	for path := range u.scope.superseded {
		if d.mentionsPackage(map[string]bool{path: true}) {
			return fmt.Sprintf("is of package %s as it was before %%reload", u.scope.workspace.Original(path))
		}
	}
	if !u.isTextual(d) { // its type is written in the names of now
		for other := range d.needs.declarations {
			if other != d && u.isStale(mention{name: other.name, declared: other}) {
				return fmt.Sprintf("mentions a version of %s that was declared anew since", other.name)
			}
		}
		return ""
	}
	why := u.unsayable(d.mentions)
	for _, m := range d.methods {
		if why == "" {
			why = u.unsayable(m.mentions)
		}
	}
	return why
}

// isTextual reports whether the new version of a declaration is made of its text.
// Others keep their symbol.
func (u *unit) isTextual(d *declaration) bool {
	switch d.object.(type) {
	case *types.TypeName:
		return true
	case *types.Func:
		return !d.bodyless || u.restatable(d)
	}
	return false
}

// isGeneric reports whether an object is a type with type parameters.
func isGeneric(obj types.Object) bool {
	named, ok := obj.Type().(*types.Named)
	_, isType := obj.(*types.TypeName)
	return ok && isType && named.TypeParams().Len() > 0
}

// restatable reports whether a function's text still means what it meant when it was
// compiled. One that calls an earlier version of something keeps its code.
func (u *unit) restatable(d *declaration) bool {
	if _, ok := d.object.(*types.Func); !ok || !d.bodyless || d.mentionsPackage(u.scope.superseded) {
		return false
	}
	return !slices.ContainsFunc(d.mentions, func(m mention) bool { return u.isHidden(m) || u.isStale(m) })
}

// revisedText declares again what is revised: what keeps its symbol for the
// checker alone, in the probe's first part, and the types in its second.
func (u *unit) revisedText(all []parsed) (first, second string, err error) {
	replaced := map[string]bool{} // methods that the cell has anew
	for _, p := range all {
		if p.item.Kind == cell.Method {
			replaced[methodKey(u.receiverName(p.fn), p.fn.Name.Name)] = true
		}
	}
	var a, b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(u.revised)) {
		d := u.revised[name]
		switch obj := d.object.(type) {
		case *types.TypeName:
			fmt.Fprintf(&b, "\n%stype %s", pragmaText(d.pragmas), u.restated(d.source, d.mark, d.mentions))
			u.sources[d.name], u.pragmas[d.name], u.docs[d.name] = d.source, d.pragmas, d.doc
			u.again[d.name] = d.mentions
			for _, m := range d.methods {
				key := methodKey(d.name, m.name)
				if !replaced[key] {
					fmt.Fprintf(&b, "\n%s%s", pragmaText(m.pragmas), u.restated(m.source, m.mark, m.mentions))
					u.again[key] = m.mentions
				}
				if u.sources[key] == "" {
					u.sources[key], u.pragmas[key] = m.source, m.pragmas
				}
			}
		case *types.Func:
			if u.isTextual(d) {
				fmt.Fprintf(&b, "\n%s%s", pragmaText(d.pragmas), u.restated(d.source, d.mark, d.mentions))
				u.again[d.name] = d.mentions
				u.sources[d.name], u.pragmas[d.name], u.docs[d.name] = d.source, d.pragmas, d.doc
				if d.linkname != nil {
					u.linknames[d.name] = *d.linkname
				}
				continue
			}
			text, err := u.userType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nfunc %s%s", d.name, strings.TrimPrefix(text, "func"))
		case *types.Var:
			text, err := u.userType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nvar %s %s", d.name, text)
		case *types.Const:
			text, err := u.userType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nconst %s %s = %s", d.name, text, constantText(obj))
		}
	}
	return a.String(), b.String(), nil
}

// userType writes a type in the names that the probe has.
func (u *unit) userType(t types.Type) (string, error) {
	n := newNeeds()
	w := &typeWriter{scope: u.scope, needs: n, userNames: true}
	text, err := w.write(t)
	maps.Copy(u.needed, n.packages)
	return text, err
}

// keepSymbol is the revised declaration of a variable, a function or a
// constant: the symbol of the one before, under the type's new version.
func (e *emitter) keepSymbol(obj types.Object, was *declaration) *declaration {
	if e.isTextual(was) {
		return nil
	}
	d := *was
	d.object, d.needs, d.text, d.methods = obj, newNeeds(), "", nil
	return e.scope.names.number(&d)
}

// revisedNote tells the user what keeps the old version of a type.
func (u *unit) revisedNote() string {
	var names []string
	var old []types.Type
	for name, d := range u.revised {
		if typ, ok := d.object.(*types.TypeName); ok && !typ.IsAlias() {
			names = append(names, name)
			old = append(old, typ.Type())
		}
	}
	if len(names) == 0 || u.scope.names.holding(old) == "" {
		return ""
	}
	slices.Sort(names)
	has := "has a new version"
	if len(names) > 1 {
		has = "have new versions"
	}
	return fmt.Sprintf("note: %s %s; what an interface holds already is of the old one for libraries (fmt, errors, reflect, slices), as a key of a map, and where structs that hold it are compared\n", strings.Join(names, ", "), has)
}

// staleNote tells what keeps the earlier version of a thing that the cell declares
// anew: what was declared with a type, and the functions that mention anything.
func (e *emitter) staleNote(fresh []*declaration) string {
	var b strings.Builder
	for _, d := range fresh {
		old := e.scope.names.current[d.name]
		if old == nil || old == d || e.revised[d.name] != nil {
			continue
		}
		earlier := map[*declaration]bool{old: true}
		var stale []string
		for _, other := range e.scope.names.sorted() {
			_, isFunc := other.object.(*types.Func)
			if !e.declared[other.name] && (other.mentionsAny(earlier) || isFunc && other.whole.mentionsAny(earlier)) {
				stale = append(stale, other.name)
			}
		}
		if len(stale) == 0 {
			continue
		}
		list := strings.Join(stale, ", ")
		if _, ok := d.object.(*types.TypeName); ok {
			fmt.Fprintf(&b, "note: %s is a new type from now on; declared with the earlier %s: %s\n", d.name, d.name, list)
		} else {
			fmt.Fprintf(&b, "note: %s is declared anew; these keep the earlier %s until their cells run again: %s\n", d.name, d.name, list)
		}
	}
	return b.String()
}
