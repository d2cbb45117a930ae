package session

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// A typeWriter writes types as Go source for the growing package, with the
// identifiers that the package has for declared types and for imports, and
// notes what it mentioned.
type typeWriter struct {
	scope *scope
	own   map[types.Object]*declaration // declared by the cell at hand
	needs needs
	err   error // the first type that has no name outside its package
	// userNames writes declared types by the name that the user gave them.
	userNames bool
	// local is what a name means in a function where the text is to stand, nil where it
	// means there what it means at the top.
	local func(name string) types.Object
	b     strings.Builder
}

// typeText returns the source of a type. It fails on a type that no other
// package can name, such as another package's unexported type.
func (s *scope) typeText(t types.Type, own map[types.Object]*declaration, n needs) (string, error) {
	w := &typeWriter{scope: s, own: own, needs: n}
	return w.write(t)
}

func (w *typeWriter) write(t types.Type) (string, error) {
	w.typ(t)
	return w.b.String(), w.err
}

func (w *typeWriter) put(s string) { w.b.WriteString(s) }

// name writes a name that means obj, or one at the top where obj is nil.
func (w *typeWriter) name(s string, t types.Type, obj types.Object) {
	if w.local != nil && w.local(s) != obj {
		w.fail(t)
		return
	}
	w.put(s)
}

func (w *typeWriter) typ(t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.needs.packages["unsafe"] = true
			w.put(w.scope.alias("unsafe") + ".Pointer")
			return
		}
		w.name(t.Name(), t, nil)
	case *types.Alias:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.Named:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.TypeParam:
		if w.local == nil {
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

func (w *typeWriter) fail(t types.Type) {
	if w.err == nil {
		w.err = fmt.Errorf("the type %v has no name outside its package", t)
	}
	w.put("struct{}")
}

func (w *typeWriter) named(obj *types.TypeName, args *types.TypeList, t types.Type) {
	switch {
	case obj.Pkg() == nil:
		w.name(obj.Name(), t, nil)
	case obj.Pkg().Path() == packagePath:
		d := w.own[obj]
		if d == nil {
			d = w.scope.names.byObject[obj]
		}
		if d == nil { // declared inside a function
			if w.local == nil {
				w.fail(t)
				return
			}
			w.name(obj.Name(), t, obj)
			break
		}
		w.needs.declarations[d] = true
		if w.userNames {
			w.put(d.name)
		} else {
			w.name(d.ident, t, nil)
		}
	case !obj.Exported() || obj.Parent() != obj.Pkg().Scope():
		w.fail(t)
		return
	default:
		w.needs.packages[obj.Pkg().Path()] = true
		w.put(w.scope.alias(obj.Pkg().Path()) + "." + obj.Name())
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

func (w *typeWriter) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	if t.Results().Len() > 0 {
		w.put(" ")
		w.tuple(t.Results(), false)
	}
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) {
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

func (w *typeWriter) structure(t *types.Struct) {
	w.put("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.put("; ")
		}
		f := t.Field(i)
		if f.Pkg() != nil && !f.Exported() && f.Pkg().Path() != packagePath {
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

func (w *typeWriter) interf(t *types.Interface) {
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
