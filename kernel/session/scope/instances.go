package scope

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// NoteInstances remembers the instances of generic types that a type is made of, and the
// structs without a name that embed something, as reflect can make neither; but those within
// generic code, whose arguments vary. seen are the types that were looked at.
func (n *Names) NoteInstances(t types.Type, seen map[types.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		n.NoteInstances(types.Unalias(t), seen)
	case *types.Named:
		if t.TypeArgs().Len() == 0 {
			return
		}
		for arg := range t.TypeArgs().Types() {
			n.NoteInstances(arg, seen)
		}
		n.noteInstance(t.Origin().Obj(), t)
	case *types.Map:
		n.NoteInstances(t.Key(), seen)
		n.NoteInstances(t.Elem(), seen)
	case *types.Struct:
		embeds := false
		for f := range t.Fields() {
			n.NoteInstances(f.Type(), seen)
			embeds = embeds || f.Embedded()
		}
		if embeds {
			n.noteInstance(nil, t)
		}
	case *types.Signature:
		n.NoteInstances(t.Params(), seen)
		n.NoteInstances(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			n.NoteInstances(v.Type(), seen)
		}
	case interface{ Elem() types.Type }:
		n.NoteInstances(t.Elem(), seen)
	}
}

func (n *Names) noteInstance(of types.Object, t types.Type) {
	if !hasTypeParam(t) && !slices.ContainsFunc(n.Instances[of], func(known types.Type) bool { return types.Identical(known, t) }) {
		n.Instances[of] = append(n.Instances[of], t)
	}
}

func hasTypeParam(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if hasTypeParam(arg) {
				return true
			}
		}
	case *types.Map:
		return hasTypeParam(t.Key()) || hasTypeParam(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if hasTypeParam(f.Type()) {
				return true
			}
		}
	case *types.Signature:
		return hasTypeParam(t.Params()) || hasTypeParam(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if hasTypeParam(v.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			if hasTypeParam(m.Signature()) {
				return true
			}
		}
		for part := range t.EmbeddedTypes() {
			if hasTypeParam(part) {
				return true
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if hasTypeParam(term.Type()) {
				return true
			}
		}
	case interface{ Elem() types.Type }:
		return hasTypeParam(t.Elem())
	}
	return false
}

// Revise returns the newest versions of types once some have new ones.
func (n *Names) Revise(revised map[*Declaration]*Declaration) map[types.Object]*Declaration {
	newest := maps.Clone(n.Newest)
	for obj, d := range newest {
		if now := revised[d]; now != nil {
			newest[obj] = now
		}
	}
	for was, now := range revised {
		newest[was.Object] = now
	}
	return newest
}

// RevisedInstances writes the instances that change with types that have new versions, as
// they are and as they will be.
func (s *Scope) RevisedInstances(newest map[types.Object]*Declaration, n Needs) (texts [][2]string) {
	for _, list := range s.Names.Instances {
		for _, t := range list {
			needs := NewNeeds()
			was, err := s.TypeText(t, s.Names.Newest, needs)
			if err != nil {
				continue
			}
			if now, err := s.TypeText(t, newest, needs); err == nil && now != was {
				texts = append(texts, [2]string{was, now})
				n.Add(needs)
			}
		}
	}
	slices.SortFunc(texts, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return slices.Compact(texts)
}
