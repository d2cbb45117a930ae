package program

import (
	"fmt"
	"strings"
)

// declare makes the versions of the names that a cell declares, and writes its
// declarations.
func (r *referee) declare(c Cell, earlier map[string]version) error {
	seen := map[string]bool{}
	for _, p := range c.Pieces {
		for _, d := range p.Declares {
			if seen[d.Name] {
				return fmt.Errorf("%s is declared twice", d.Name)
			}
			seen[d.Name] = true
			v := version{ident: r.fresh(d.Name)}
			if d.Path != "" {
				if p.Kind == Import && strings.Contains(p.Text, ". \"") {
					v.ident = d.Path
				} else {
					r.imports[v.ident] = d.Path
					fmt.Fprintf(&r.decls, "var _ = %s.%s\n", v.ident, exported[d.Path])
				}
			}
			r.current[d.Name] = v
		}
	}
	now := lookup(r.current)
	for _, p := range c.Pieces { // types first: variables have them
		if p.Kind != Type {
			continue
		}
		if err := r.declareType(p, earlier); err != nil {
			return err
		}
	}
	for _, p := range c.Pieces {
		switch p.Kind {
		case Const, Func, Method:
			text, err := r.render(p.Text, now)
			if err != nil {
				return err
			}
			if p.Kind == Method {
				head, _, _ := strings.Cut(text, "{")
				if r.methods[head] == text {
					continue
				}
				r.methods[head] = text
			}
			r.decls.WriteString(text + "\n\n")
		case Define, Var:
			for _, d := range p.Declares {
				typ, err := r.render(d.Type, now)
				if err != nil {
					return err
				}
				if old := earlier[d.Name]; old.typ == typ {
					r.current[d.Name] = old
					continue
				}
				v := r.current[d.Name]
				v.typ = typ
				r.current[d.Name] = v
				fmt.Fprintf(&r.decls, "var %s %s\n\n", v.ident, typ)
			}
		}
	}
	return nil
}

// declareType writes a type; the same text that means the same is the same type.
func (r *referee) declareType(p Piece, earlier map[string]version) error {
	if len(p.Declares) == 1 {
		name := p.Declares[0].Name
		if old := earlier[name]; old.text != "" {
			text, err := r.render(p.Text, func(n string) (string, bool) {
				if n == name {
					return old.ident, true
				}
				return lookup(r.current)(n)
			})
			if err != nil {
				return err
			}
			if text == old.text {
				r.current[name] = old
				return nil
			}
		}
	}
	text, err := r.render(p.Text, lookup(r.current))
	if err != nil {
		return err
	}
	for _, d := range p.Declares {
		v := r.current[d.Name]
		v.text = text
		r.current[d.Name] = v
	}
	r.decls.WriteString(text + "\n\n")
	return nil
}
