package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A variable is one specification of a var declaration.
type variable struct {
	names []string
	uses  []string // names on its right side
	text  string   // an assignment
}

func (r *referee) variables(p Piece, earlier map[string]version) ([]variable, error) {
	fset := token.NewFileSet()
	const head = "package p\n"
	file, err := parser.ParseFile(fset, "", head+p.Text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	at := func(pos token.Pos) int { return fset.Position(pos).Offset - len(head) }
	var list []variable
	for _, spec := range file.Decls[0].(*ast.GenDecl).Specs {
		spec := spec.(*ast.ValueSpec)
		var v variable
		var left []string
		var declares []Decl
		for _, n := range spec.Names {
			name := strings.TrimPrefix(n.Name, Mark)
			if n.Name != "_" {
				v.names = append(v.names, name)
			}
			left = append(left, n.Name)
			for _, d := range p.Declares {
				if d.Name == name {
					declares = append(declares, d)
				}
			}
		}
		var b strings.Builder
		if len(spec.Values) == 0 {
			for _, n := range v.names {
				now := r.current[n]
				fmt.Fprintf(&b, "%s = *new(%s)\n", now.ident, now.typ)
			}
		} else {
			right := p.Text[at(spec.Values[0].Pos()):at(spec.End())]
			for _, n := range Names(right) {
				if _, old := earlier[n]; !old || !slices.Contains(v.names, n) {
					v.uses = append(v.uses, n)
				}
			}
			if spec.Type != nil {
				declares = nil // nothing to check
			}
			// The names on the right are earlier ones, whether the type is given or not.
			own := declares
			if own == nil {
				for _, n := range v.names {
					own = append(own, Decl{Name: n})
				}
			}
			text, err := r.render(right, r.before(own, earlier))
			if err != nil {
				return nil, err
			}
			if spec.Type != nil {
				l, err := r.render(strings.Join(left, ", "), lookup(r.current))
				if err != nil {
					return nil, err
				}
				fmt.Fprintf(&b, "%s = %s\n", l, text)
			} else if err := r.assign(&b, strings.Join(left, ", "), right, declares, earlier); err != nil {
				return nil, err
			}
		}
		v.text = b.String()
		list = append(list, v)
	}
	return list, nil
}

// inOrder puts variables that are declared together into the order in which a
// package initialises them: again and again the first that needs none which has no
// value yet, directly or through the cell's functions.
func inOrder(run []variable, c Cell) []variable {
	pending := map[string]bool{}
	var order, rest []variable
	for _, v := range run {
		if strings.Contains(v.text, "*new(") && v.uses == nil {
			order = append(order, v)
			continue
		}
		rest = append(rest, v)
		for _, n := range v.names {
			pending[n] = true
		}
	}
	functions := map[string][]string{}
	for _, p := range c.Pieces {
		if p.Kind == Func {
			functions[p.Declares[0].Name] = Names(p.Text)
		}
	}
	var needs func(names []string, own []string, seen map[string]bool) bool
	needs = func(names, own []string, seen map[string]bool) bool {
		for _, n := range names {
			if pending[n] && !slices.Contains(own, n) {
				return true
			}
			if !seen[n] {
				seen[n] = true
				if needs(functions[n], own, seen) {
					return true
				}
			}
		}
		return false
	}
	for len(rest) > 0 {
		i := slices.IndexFunc(rest, func(v variable) bool { return !needs(v.uses, v.names, map[string]bool{}) })
		if i < 0 {
			i = 0 // a cycle: Go refuses it
		}
		order = append(order, rest[i])
		for _, n := range rest[i].names {
			delete(pending, n)
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return order
}
