package probe

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/session/scope"
)

// The text of a declaration that is compiled once more, for a new version of a type, is
// to mean what it meant. So each declaration remembers where its text mentions what is
// declared outside of it. Where such a name stands for something else by now, the probe
// has a name of the kernel's in its place, by which the checker knows what is meant.

// isStale reports whether a mention's name does not stand for what it stood for, or
// will not once the cell has declared what it declares. The versions that the cell
// makes of what is affected by a later method are meant by the same names.
func (u *Unit) isStale(m scope.Mention) bool {
	if m.Declared == nil {
		return false
	}
	return u.Scope.Names.Current[m.Name] != m.Declared || u.shadowed(m.Name) && !u.affected[m.Declared]
}

// isHidden reports whether the name of something that no cell declares, and that is not
// a package, stands for something else by now.
func (u *Unit) isHidden(m scope.Mention) bool {
	if m.Declared != nil || m.Path != "" {
		return false
	}
	return u.Scope.Names.Current[m.Name] != nil || u.shadowed(m.Name)
}

// unsayable returns why text can not be compiled once more as it was meant, or "".
func (u *Unit) unsayable(list []scope.Mention) string {
	for _, m := range list {
		switch {
		case u.isHidden(m):
			return fmt.Sprintf("uses %s, which has since been redeclared", m.Name)
		case u.isStale(m) && (m.Embedded || m.Declared.MentionsAny(u.affected)):
			return fmt.Sprintf("mentions a version of %s that has since been redeclared", m.Name)
		}
	}
	return ""
}

// restated is the text of an earlier declaration as the probe has it again.
func (u *Unit) restated(source, mark string, list []scope.Mention) string {
	var b strings.Builder
	begin := OriginAt(mark, "")
	b.WriteString(mark)
	from := 0
	for _, m := range list {
		name := ""
		switch {
		case m.Path != "":
			name = u.Scope.Alias(m.Path)
		case u.isStale(m):
			name = scope.StandInName(m.Declared)
			u.standIns[name] = m.Declared
		default:
			continue
		}
		behind := m.At + len(m.Name)
		b.WriteString(source[from:m.At] + name + begin.Mark(source[:behind])) // the name is longer than the user's
		from = behind
	}
	b.WriteString(source[from:])
	return b.String()
}

// standIn is an object by which the checker knows an earlier version of a name.
func (u *Unit) standIn(name string, d *scope.Declaration) types.Object {
	switch obj := d.Object.(type) {
	case *types.Const:
		return types.NewConst(token.NoPos, u.Package, name, obj.Type(), obj.Val())
	case *types.TypeName:
		return types.NewTypeName(token.NoPos, u.Package, name, obj.Type())
	case *types.Func:
		return types.NewFunc(token.NoPos, u.Package, name, obj.Signature())
	}
	return types.NewVar(token.NoPos, u.Package, name, d.Object.Type())
}
