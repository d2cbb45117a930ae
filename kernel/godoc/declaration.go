package godoc

import (
	"go/ast"
	"go/doc"
	"go/token"
	"strings"
)

func (p *Package) function(f *doc.Func) Entry {
	decl := *f.Decl
	decl.Doc, decl.Body = nil, nil
	return Entry{
		Signature: p.node(&decl), Doc: p.text(f.Doc), Markdown: p.markdown(f.Doc),
		Source: p.functionSource(f),
	}
}

// functionSource reads a function again, since go/doc lets go of the bodies.
func (p *Package) functionSource(f *doc.Func) string {
	file := p.fset.File(f.Decl.Pos())
	if file == nil {
		return ""
	}
	rest := p.source(f.Decl.Pos(), token.Pos(file.Base()+file.Size()))
	return rest[:functionEnd(rest)]
}

func (p *Package) typ(t *doc.Type) Entry {
	e := Entry{Doc: p.text(t.Doc), Markdown: p.markdown(t.Doc)}
	for _, spec := range t.Decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok || spec.Name.Name != t.Name {
			continue
		}
		e.Signature = p.node(&ast.GenDecl{Tok: token.TYPE, TokPos: spec.Pos(), Specs: []ast.Spec{bare(spec)}})
		if e.Signature == "" {
			e.Signature = "type " + t.Name
		}
		from := t.Decl.Pos()
		if t.Decl.Lparen.IsValid() {
			from = spec.Pos()
		}
		e.Source = p.source(from, spec.End())
	}
	for _, f := range t.Funcs {
		e.Methods = append(e.Methods, p.line(f))
	}
	for _, m := range t.Methods {
		e.Methods = append(e.Methods, p.line(m))
	}
	return e
}

// bare is a type's specification without the comments around it.
func bare(spec *ast.TypeSpec) *ast.TypeSpec {
	b := *spec
	b.Doc, b.Comment = nil, nil
	return &b
}

func (p *Package) line(f *doc.Func) Method {
	decl := *f.Decl
	decl.Doc, decl.Body = nil, nil
	return Method{f.Name, strings.Join(strings.Fields(p.node(&decl)), " "), p.doc.Synopsis(f.Doc)}
}

// value documents one name of a declaration of constants or variables.
func (p *Package) value(v *doc.Value, i int) Entry {
	comment := p.valueDoc(v, i)
	e := Entry{Doc: p.text(comment), Markdown: p.markdown(comment)}
	if spec := specOf(v, v.Names[i]); spec != nil {
		b := *spec
		b.Doc, b.Comment = nil, nil
		e.Signature = p.node(&ast.GenDecl{Tok: v.Decl.Tok, TokPos: b.Pos(), Specs: []ast.Spec{&b}})
	}
	e.Source = p.source(v.Decl.Pos(), v.Decl.End())
	return e
}

// valueDoc is the comment at the name itself, else that of its declaration.
func (p *Package) valueDoc(v *doc.Value, i int) string {
	spec := specOf(v, v.Names[i])
	switch {
	case spec == nil:
		return v.Doc
	case spec.Doc != nil:
		return spec.Doc.Text()
	case spec.Comment != nil:
		return spec.Comment.Text()
	}
	return v.Doc
}

func specOf(v *doc.Value, name string) *ast.ValueSpec {
	for _, spec := range v.Decl.Specs {
		if spec, ok := spec.(*ast.ValueSpec); ok {
			for _, id := range spec.Names {
				if id.Name == name {
					return spec
				}
			}
		}
	}
	return nil
}

// member documents a method or a field of a type.
func (p *Package) member(typeName, name string) (Entry, bool) {
	for _, t := range p.doc.Types {
		if t.Name != typeName {
			continue
		}
		for _, m := range t.Methods {
			if m.Name == name {
				return p.function(m), true
			}
		}
		for _, spec := range t.Decl.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok || spec.Name.Name != typeName {
				continue
			}
			if field := fieldOf(spec.Type, name); field != nil {
				return p.field(field, name), true
			}
		}
	}
	return Entry{}, false
}

// field documents a field, or a method of an interface.
func (p *Package) field(f *ast.Field, name string) Entry {
	comment := f.Doc
	if comment == nil {
		comment = f.Comment
	}
	signature := "field " + name + " " + p.node(f.Type)
	if _, method := f.Type.(*ast.FuncType); method && len(f.Names) == 1 {
		signature = "func " + name + strings.TrimPrefix(p.node(f.Type), "func")
	}
	return Entry{
		Signature: signature, Doc: p.text(comment.Text()), Markdown: p.markdown(comment.Text()),
		Source: p.source(f.Pos(), f.End()),
	}
}

// fieldOf finds a field of a struct, or a method of an interface.
func fieldOf(t ast.Expr, name string) *ast.Field {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	case *ast.ParenExpr:
		return fieldOf(t.X, name)
	}
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		for _, id := range f.Names {
			if id.Name == name {
				return f
			}
		}
	}
	return nil
}
