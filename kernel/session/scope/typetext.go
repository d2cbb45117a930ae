package scope

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// A TypeWriter writes types as Go source for the growing package, with the
// identifiers that the package has for declared types and for imports, and
// notes what it mentioned.
type TypeWriter struct {
	Scope *Scope
	Own   map[types.Object]*Declaration // declared by the cell at hand
	Needs Needs
	err   error // the first type that has no name outside its package
	// UserNames writes declared types by the name that the user gave them.
	UserNames bool
	// Local is what a name means in a function where the text is to stand, nil where it
	// means there what it means at the top.
	Local func(name string) types.Object
	b     strings.Builder
}

// TypeText returns the source of a type. It fails on a type that no other
// package can name, such as another package's unexported type.
func (s *Scope) TypeText(t types.Type, own map[types.Object]*Declaration, n Needs) (string, error) {
	w := &TypeWriter{Scope: s, Own: own, Needs: n}
	return w.Write(t)
}

func (w *TypeWriter) Write(t types.Type) (string, error) {
	w.typ(t)
	return w.b.String(), w.err
}

func (w *TypeWriter) put(s string) { w.b.WriteString(s) }

// name writes a name that means obj, or one at the top where obj is nil.
func (w *TypeWriter) name(s string, t types.Type, obj types.Object) {
	if w.Local != nil && w.Local(s) != obj {
		w.fail(t)
		return
	}
	w.put(s)
}

func (w *TypeWriter) typ(t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.Needs.Packages["unsafe"] = true
			w.put(w.Scope.Alias("unsafe") + ".Pointer")
			return
		}
		w.name(t.Name(), t, nil)
	case *types.Alias:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.Named:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.TypeParam:
		if w.Local == nil {
			w.put(t.Obj().Name())
		} else {
			w.name(t.Obj().Name(), t, t.Obj())
		}
	case *types.Pointer:
		w.put("*")
		w.typ(t.Elem())
	case *types.Slice:
		w.put("[]")
		w.typ(t.Elem())
	case *types.Array:
		w.put("[" + strconv.FormatInt(t.Len(), 10) + "]")
		w.typ(t.Elem())
	case *types.Map:
		w.put("map[")
		w.typ(t.Key())
		w.put("]")
		w.typ(t.Elem())
	case *types.Chan:
		w.put([]string{"chan (", "chan<- (", "<-chan ("}[t.Dir()])
		w.typ(t.Elem())
		w.put(")")
	case *types.Signature:
		w.put("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.interf(t)
	case *types.Union:
		for i := range t.Len() {
			if i > 0 {
				w.put(" | ")
			}
			if t.Term(i).Tilde() {
				w.put("~")
			}
			w.typ(t.Term(i).Type())
		}
	default:
		w.fail(t)
	}
}

func (w *TypeWriter) fail(t types.Type) {
	if w.err == nil {
		w.err = fmt.Errorf("the type %v has no name outside its package", t)
	}
	w.put("struct{}")
}

func (w *TypeWriter) named(obj *types.TypeName, args *types.TypeList, t types.Type) {
	switch {
	case obj.Pkg() == nil:
		w.name(obj.Name(), t, nil)
	case obj.Pkg().Path() == PackagePath:
		d := w.Own[obj]
		if d == nil {
			d = w.Scope.Names.ByObject[obj]
		}
		if d == nil { // declared inside a function
			if w.Local == nil {
				w.fail(t)
				return
			}
			w.name(obj.Name(), t, obj)
			break
		}
		w.Needs.Declarations[d] = true
		if w.UserNames {
			w.put(d.Name)
		} else {
			w.name(d.Ident, t, nil)
		}
	case !obj.Exported() || obj.Parent() != obj.Pkg().Scope():
		w.fail(t)
		return
	default:
		w.Needs.Packages[obj.Pkg().Path()] = true
		w.put(w.Scope.Alias(obj.Pkg().Path()) + "." + obj.Name())
	}
	if args.Len() == 0 {
		return
	}
	w.put("[")
	for i := range args.Len() {
		if i > 0 {
			w.put(", ")
		}
		w.typ(args.At(i))
	}
	w.put("]")
}

func (w *TypeWriter) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	if t.Results().Len() > 0 {
		w.put(" ")
		w.tuple(t.Results(), false)
	}
}

func (w *TypeWriter) tuple(t *types.Tuple, variadic bool) {
	w.put("(")
	for i := range t.Len() {
		if i > 0 {
			w.put(", ")
		}
		typ := t.At(i).Type()
		if variadic && i == t.Len()-1 {
			w.put("...")
			if slice, ok := typ.Underlying().(*types.Slice); ok {
				typ = slice.Elem()
			}
		}
		w.typ(typ)
	}
	w.put(")")
}

func (w *TypeWriter) structure(t *types.Struct) {
	w.put("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.put("; ")
		}
		f := t.Field(i)
		if f.Pkg() != nil && !f.Exported() && f.Pkg().Path() != PackagePath {
			w.fail(t)
		}
		if !f.Embedded() {
			w.put(f.Name() + " ")
		}
		w.typ(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.put(" " + strconv.Quote(tag))
		}
	}
	w.put("}")
}

func (w *TypeWriter) interf(t *types.Interface) {
	if t.Empty() {
		w.put("interface{}")
		return
	}
	w.put("interface{")
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		w.put(m.Name())
		w.signature(m.Signature())
		w.put("; ")
	}
	for i := range t.NumEmbeddeds() {
		w.typ(t.EmbeddedType(i))
		w.put("; ")
	}
	w.put("}")
}
