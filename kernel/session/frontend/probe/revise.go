package probe

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
)

// A method declared in a later cell than its type makes a new version of the
// type: the runtime lays out a type's methods once, so the old descriptor can
// have none added. What mentions the type is revised with it: types that
// contain it get a new version too, functions whose code mentions them are
// compiled again, and variables keep their symbol (the same address, the same
// value) under the new type. What an interface holds stays old; see upgrade.go.

// revise finds the types that the cell adds methods to and all that mentions
// them.
func (u *Unit) revise(all []parsed) error {
	roots := map[*scope.Declaration]bool{}
	for _, p := range all {
		if p.item.Kind != cell.Method {
			continue
		}
		name := u.receiverName(p.fn)
		d := u.Scope.Names.Current[name]
		if u.Declared[name] || d == nil {
			continue
		}
		typ, ok := d.Object.(*types.TypeName)
		if ok && typ.IsAlias() && NamedBehind(typ) != nil { // else the checker says what is wrong
			return &display.Failure{Name: "CompileError", Value: fmt.Sprintf(
				"%s is another name of an earlier type that has since been redeclared: declare %s again", name, name)}
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
		for _, d := range u.Scope.Names.Current {
			if affected[d] || u.Declared[d.Name] || !d.MentionsAny(affected) && !(u.restatable(d) && d.Whole.MentionsAny(affected)) {
				continue
			}
			affected[d], grown = true, true
		}
	}
	u.affected = affected
	for d := range affected {
		if why := u.cannotRevise(d); why != "" {
			return &display.Failure{Name: "CompileError", Value: fmt.Sprintf("%s %s: declare %s again, with its methods", d.Name, why, d.Name)}
		}
	}
	u.Revised = map[string]*scope.Declaration{}
	for d := range affected {
		maps.Copy(u.needed, d.Needs.Packages)
		if u.IsTextual(d) {
			maps.Copy(u.needed, d.Whole.Packages)
		}
		for _, m := range d.Methods {
			maps.Copy(u.needed, m.Whole.Packages)
		}
		u.Revised[d.Name] = d
		u.Declared[d.Name] = true
	}
	return nil
}

// cannotRevise returns why a declaration can have no new version, or "".
func (u *Unit) cannotRevise(d *scope.Declaration) string {
	for path := range u.Scope.Superseded {
		if d.MentionsPackage(map[string]bool{path: true}) {
			return fmt.Sprintf("is of package %s as it was before %%reload", u.Scope.Workspace.Original(path))
		}
	}
	if !u.IsTextual(d) { // its type is written in the names of now
		for other := range d.Needs.Declarations {
			if other != d && u.isStale(scope.Mention{Name: other.Name, Declared: other}) {
				return fmt.Sprintf("mentions a version of %s that has since been redeclared", other.Name)
			}
		}
		return ""
	}
	why := u.unsayable(d.Mentions)
	for _, m := range d.Methods {
		if why == "" {
			why = u.unsayable(m.Mentions)
		}
	}
	return why
}

// IsTextual reports whether the new version of a declaration is made of its text.
// Others keep their symbol.
func (u *Unit) IsTextual(d *scope.Declaration) bool {
	switch d.Object.(type) {
	case *types.TypeName:
		return true
	case *types.Func:
		return !d.Bodyless || u.restatable(d)
	}
	return false
}

// restatable reports whether a function's text still means what it meant when it was
// compiled. One that calls an earlier version of something keeps its code.
func (u *Unit) restatable(d *scope.Declaration) bool {
	if _, ok := d.Object.(*types.Func); !ok || !d.Bodyless || d.MentionsPackage(u.Scope.Superseded) {
		return false
	}
	return !slices.ContainsFunc(d.Mentions, func(m scope.Mention) bool { return u.isHidden(m) || u.isStale(m) })
}

// revisedText declares again what is revised: what keeps its symbol for the
// checker alone, in the probe's first part, and the types in its second.
func (u *Unit) revisedText(all []parsed) (first, second string, err error) {
	replaced := map[string]bool{} // methods that the cell has anew
	for _, p := range all {
		if p.item.Kind == cell.Method {
			replaced[MethodKey(u.receiverName(p.fn), p.fn.Name.Name)] = true
		}
	}
	var a, b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(u.Revised)) {
		d := u.Revised[name]
		switch obj := d.Object.(type) {
		case *types.TypeName:
			fmt.Fprintf(&b, "\n%stype %s", scope.PragmaText(d.Pragmas), u.restated(d.Source, d.Mark, d.Mentions))
			u.Texts[d.Name], u.Pragmas[d.Name], u.Docs[d.Name] = d.Source, d.Pragmas, d.Doc
			u.Again[d.Name] = d.Mentions
			for _, m := range d.Methods {
				key := MethodKey(d.Name, m.Name)
				if !replaced[key] {
					fmt.Fprintf(&b, "\n%s%s", scope.PragmaText(m.Pragmas), u.restated(m.Source, m.Mark, m.Mentions))
					u.Again[key] = m.Mentions
				}
				if u.Texts[key] == "" {
					u.Texts[key], u.Pragmas[key] = m.Source, m.Pragmas
					u.Docs[key] = m.Doc
				}
			}
		case *types.Func:
			if u.IsTextual(d) {
				fmt.Fprintf(&b, "\n%s%s", scope.PragmaText(d.Pragmas), u.restated(d.Source, d.Mark, d.Mentions))
				u.Again[d.Name] = d.Mentions
				u.Texts[d.Name], u.Pragmas[d.Name], u.Docs[d.Name] = d.Source, d.Pragmas, d.Doc
				if d.Linkname != nil {
					u.Linknames[d.Name] = *d.Linkname
				}
				continue
			}
			text, err := u.UserType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nfunc %s%s", d.Name, strings.TrimPrefix(text, "func"))
		case *types.Var:
			text, err := u.UserType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nvar %s %s", d.Name, text)
		case *types.Const:
			text, err := u.UserType(obj.Type())
			if err != nil {
				return "", "", err
			}
			fmt.Fprintf(&a, "\nconst %s %s = %s", d.Name, text, scope.ConstantText(obj))
		}
	}
	return a.String(), b.String(), nil
}

// UserType writes a type in the names that the probe has.
func (u *Unit) UserType(t types.Type) (string, error) {
	n := scope.NewNeeds()
	w := &scope.TypeWriter{Scope: u.Scope, Needs: n, UserNames: true}
	text, err := w.Write(t)
	maps.Copy(u.needed, n.Packages)
	return text, err
}

// RevisedNote tells the user what keeps the old version of a type.
func (u *Unit) RevisedNote() string {
	var names []string
	var old []types.Type
	for name, d := range u.Revised {
		if typ, ok := d.Object.(*types.TypeName); ok && !typ.IsAlias() {
			names = append(names, name)
			old = append(old, typ.Type())
		}
	}
	if len(names) == 0 || u.Scope.Names.Holding(old) == "" {
		return ""
	}
	slices.Sort(names)
	has := "has a new version"
	if len(names) > 1 {
		has = "have new versions"
	}
	return fmt.Sprintf("note: %s %s; a value that an interface already holds keeps the old version for libraries (fmt, errors, reflect, slices), as a map key, and when structs that contain it are compared\n", strings.Join(names, ", "), has)
}
