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
	if t == nil {
		return
	}
	t = types.Unalias(t)
	if seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			n.noteInstance(t.Origin().Obj(), t)
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Embedded() {
				n.noteInstance(nil, t)
				break
			}
		}
	}
	for part := range parts(t) {
		n.NoteInstances(part, seen)
	}
}

func (n *Names) noteInstance(of types.Object, t types.Type) {
	known := func(other types.Type) bool { return types.Identical(other, t) }
	if !MadeOf(t, isTypeParam) && !slices.ContainsFunc(n.Instances[of], known) {
		n.Instances[of] = append(n.Instances[of], t)
	}
}

func isTypeParam(t types.Type) bool {
	_, ok := t.(*types.TypeParam)
	return ok
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
