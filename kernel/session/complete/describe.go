package complete

import (
	"context"
	"fmt"
	"go/types"
	"path/filepath"
	"strings"

	"locuslab/kernel/display"
	"locuslab/kernel/godoc"
	"locuslab/kernel/session/scope"
)

// describe documents an object as go doc does: its declaration, its comment, and of a type its
// methods with their first sentences. v is the cell that it stands in, or nil.
func (h *Helper) describe(ctx context.Context, about subject, v *Checked, detail int) display.Bundle {
	if pkg, ok := about.obj.(*types.PkgName); ok {
		return h.packageEntry(ctx, pkg.Imported())
	}
	e := h.entry(ctx, about, v)
	signature := objectText(about.obj)
	var methods []godoc.Method
	switch obj := about.obj.(type) {
	case *types.TypeName:
		if e.Signature != "" {
			signature = e.Signature
		}
		methods = h.methods(ctx, obj, v, e.Methods)
	case *types.Builtin:
		signature = e.Signature
	case *types.Const:
		if v := obj.Val(); v != nil && !strings.Contains(signature, "=") {
			signature += " = " + v.String()
		}
	}
	if detail > 0 && e.Source != "" {
		return bundle(e.Source, "", "", nil)
	}
	return bundle(signature, e.Doc, e.Markdown, methods)
}

// objectText writes an object's declaration as Go does.
func objectText(obj types.Object) string {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return types.ObjectString(obj, Shortly)
	}
	recv := fn.Signature().Recv()
	receiver := strings.TrimSpace(recv.Name() + " " + types.TypeString(recv.Type(), Shortly))
	return "func (" + receiver + ") " + fn.Name() + strings.TrimPrefix(types.TypeString(fn.Type(), Shortly), "func")
}

// packageEntry documents a package.
func (h *Helper) packageEntry(ctx context.Context, pkg *types.Package) display.Bundle {
	e := godoc.Entry{Signature: fmt.Sprintf("package %s // import %q", pkg.Name(), pkg.Path())}
	if p := h.read(ctx, pkg.Path()); p != nil {
		e = p.About()
	}
	return bundle(e.Signature, e.Doc, e.Markdown, nil)
}

// read reads a package's source, or returns nil where it cannot be had.
func (h *Helper) read(ctx context.Context, path string) *godoc.Package {
	dir := h.Scope.Workspace.PackageDir(ctx, path)
	if path == "builtin" {
		dir = filepath.Join(h.Scope.Workspace.GOROOT(), "src", path)
	}
	if dir == "" {
		return nil
	}
	p, err := h.Docs.Package(path, dir)
	if err != nil {
		return nil // without comments, then
	}
	return p
}

// entry is what the source says of an object.
func (h *Helper) entry(ctx context.Context, about subject, v *Checked) godoc.Entry {
	obj := about.obj
	path := "builtin"
	if obj.Pkg() != nil {
		path = obj.Pkg().Path()
	}
	name, member := obj.Name(), ""
	if about.owner != nil {
		name, member = about.owner.Name(), obj.Name()
	}
	if path == scope.PackagePath {
		return h.ownEntry(about, name, member, v)
	}
	if about.owner == nil && obj.Parent() == nil && obj.Pkg() != nil {
		return godoc.Entry{} // a member of a type without a name
	}
	p := h.read(ctx, path)
	if p == nil {
		return godoc.Entry{}
	}
	e, _ := p.Find(name, member)
	return e
}

// ownEntry is what cells say of what they declare.
func (h *Helper) ownEntry(about subject, name, member string, v *Checked) godoc.Entry {
	declared := about.obj
	if about.owner != nil {
		declared = about.owner
	}
	if _, isField := about.obj.(*types.Var); isField && member == "" && declared.Parent() != declared.Pkg().Scope() {
		return godoc.Entry{} // a variable of a function
	}
	var source, doc string
	if d := h.Scope.Names.ByObject[declared]; d != nil {
		source, doc = d.Source, d.Doc
		if member != "" {
			for _, m := range d.Methods {
				if m.Name == member {
					return own(m.Source, m.Doc)
				}
			}
		}
	} else if v != nil {
		if source, isMethod := v.Sources[name+"."+member]; isMethod && member != "" {
			return own(source, v.Docs[name+"."+member])
		}
		source, doc = v.Sources[name], v.Docs[name]
	}
	if _, isType := declared.(*types.TypeName); isType && source != "" {
		source = "type " + source // which was taken out of its declaration
	}
	if member != "" { // a field, or a method of an interface
		e, _ := godoc.Member(source, member)
		return e
	}
	return own(source, doc)
}

func own(source, doc string) godoc.Entry {
	e := godoc.Entry{Source: source}
	e.Doc, e.Markdown = godoc.Comment(doc)
	if strings.HasPrefix(source, "type ") {
		e.Signature = source
	}
	if doc != "" {
		e.Source = "// " + strings.ReplaceAll(doc, "\n", "\n// ") + "\n" + source
	}
	return e
}

// methods lists what can be called on a type, behind the functions that make one.
func (h *Helper) methods(ctx context.Context, obj *types.TypeName, v *Checked, said []godoc.Method) (list []godoc.Method) {
	synopses := map[string]string{}
	for _, m := range said {
		synopses[m.Name] = m.Synopsis
		if !strings.HasPrefix(m.Signature, "func (") {
			list = append(list, m)
		}
	}
	for _, m := range methodsOf(obj.Type()) {
		fn, ok := m.(*types.Func)
		if !ok {
			continue
		}
		synopsis, known := synopses[m.Name()]
		if !known {
			synopsis = godoc.Synopsis(h.entry(ctx, subject{m, ownerOf(fn)}, v).Doc)
		}
		list = append(list, godoc.Method{Name: m.Name(), Signature: objectText(m), Synopsis: synopsis})
	}
	return list
}

// bundle writes a declaration and what is said of it, as text and as Markdown.
func bundle(signature, doc, markdown string, methods []godoc.Method) display.Bundle {
	text := signature
	rich := "```go\n" + signature + "\n```"
	if doc != "" {
		text += "\n\n" + doc
		rich += "\n\n" + markdown
	}
	if len(methods) > 0 {
		text += "\n"
		rich += "\n\n"
	}
	for _, m := range methods {
		text += "\n" + m.Signature
		rich += "\n- `" + m.Signature + "`"
		if m.Synopsis != "" {
			text += "\n    " + m.Synopsis
			rich += "  \n  " + m.Synopsis
		}
	}
	return display.Bundle{Data: map[string]any{"text/plain": text, "text/markdown": rich}}
}

// withArgument says above a function's description which of its parameters is at hand.
func withArgument(b display.Bundle, sig *types.Signature, n int) display.Bundle {
	var hint, rich string
	parameters := sig.Params()
	last := parameters.Len() - 1
	switch {
	case last < 0:
		hint = "it takes no arguments"
	case n > last && !sig.Variadic():
		hint = fmt.Sprintf("argument %d is one too many: it takes %d", n+1, last+1)
		if n > last+1 {
			hint = fmt.Sprintf("argument %d: it takes only %d", n+1, last+1)
		}
	default:
		p := parameters.At(min(n, last))
		typ := types.TypeString(p.Type(), Shortly)
		if sig.Variadic() && n >= last {
			typ = "..." + types.TypeString(p.Type().(*types.Slice).Elem(), Shortly)
		}
		text := strings.TrimSpace(p.Name() + " " + typ)
		hint = fmt.Sprintf("argument %d: %s", n+1, text)
		rich = fmt.Sprintf("argument %d: **`%s`**", n+1, text)
	}
	if rich == "" {
		rich = hint
	}
	marked := map[string]any{}
	for kind, text := range b.Data {
		marked[kind] = text
	}
	marked["text/plain"] = hint + "\n" + b.Data["text/plain"].(string)
	marked["text/markdown"] = rich + "\n\n" + b.Data["text/markdown"].(string)
	b.Data = marked
	return b
}
