// Package godoc reads the documentation of packages, and of declarations in them, from their
// source: signature, doc comment, the methods of a type, the text itself.
//
// It is given the folder of a package and knows nothing of builds, type checkers or notebooks.
package godoc

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// A Reader keeps the packages that it has read lately, since a reader of documentation comes
// back to the same ones. It is safe for use by several goroutines.
type Reader struct {
	mu   sync.Mutex
	kept []*Package // the one asked for last at the end
}

// keep is how many packages are kept: a large one takes some megabytes.
const keep = 24

// A Package is one that was read from its source.
type Package struct {
	path, dir string
	stamp     string // state of its files
	fset      *token.FileSet
	doc       *doc.Package
}

// An Entry documents a package or a declaration.
type Entry struct {
	Signature string   // as Go source; a type's with its fields
	Doc       string   // the comment's text, wrapped
	Markdown  string   // the same as Markdown
	Methods   []Method // of a type, with the functions that make one
	Source    string   // the declaration with its comment; of a package nothing
}

// A Method is a line about a function that belongs to a type.
type Method struct {
	Name, Signature, Synopsis string
}

// Package returns the package in a folder. path is what it is imported by.
func (r *Reader) Package(path, dir string) (*Package, error) {
	files, stamp, err := sources(dir)
	if err != nil {
		return nil, fmt.Errorf("read the documentation of %s: %w", path, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, p := range r.kept {
		if p.dir != dir || p.path != path {
			continue
		}
		r.kept = append(r.kept[:i], r.kept[i+1:]...)
		if p.stamp == stamp {
			r.kept = append(r.kept, p)
			return p, nil
		}
		break
	}
	p, err := read(path, dir, files)
	if err != nil {
		return nil, fmt.Errorf("read the documentation of %s: %w", path, err)
	}
	p.stamp = stamp
	r.kept = append(r.kept, p)
	if len(r.kept) > keep {
		r.kept = r.kept[len(r.kept)-keep:]
	}
	return p, nil
}

// sources are the files of a package as they are built here, and their state.
func sources(dir string) (files []string, stamp string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, "", err
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // it has gone
		}
		files = append(files, filepath.Join(dir, name))
		stamp += fmt.Sprintf("%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
	}
	if len(files) == 0 {
		return nil, "", fmt.Errorf("%s has no Go files", dir)
	}
	return files, stamp, nil
}

func read(path, dir string, files []string) (*Package, error) {
	context := build.Default
	fset := token.NewFileSet()
	var parsed []*ast.File
	for _, file := range files {
		if ok, err := context.MatchFile(dir, filepath.Base(file)); err != nil || !ok {
			continue
		}
		// A file that is being edited tells what it can.
		if f, _ := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution); f != nil {
			if len(parsed) == 0 || f.Name.Name == parsed[0].Name.Name {
				parsed = append(parsed, f)
			}
		}
	}
	mode := doc.Mode(0)
	if path == "builtin" { // whose names are those of the language
		mode = doc.AllDecls
	}
	d, err := doc.NewFromFiles(fset, parsed, path, mode)
	if err != nil {
		return nil, err
	}
	return &Package{path: path, dir: dir, fset: fset, doc: d}, nil
}

// Name is what the package calls itself.
func (p *Package) Name() string { return p.doc.Name }

// About documents the package itself.
func (p *Package) About() Entry {
	return Entry{
		Signature: fmt.Sprintf("package %s // import %q", p.doc.Name, p.path),
		Doc:       p.text(p.doc.Doc), Markdown: p.markdown(p.doc.Doc),
	}
}

// Find documents a declaration of the package, or with member a method, a field or an
// interface's method of the type.
func (p *Package) Find(name, member string) (Entry, bool) {
	if member != "" {
		return p.member(name, member)
	}
	for _, f := range p.functions() {
		if f.Name == name {
			return p.function(f), true
		}
	}
	for _, t := range p.doc.Types {
		if t.Name == name {
			return p.typ(t), true
		}
	}
	for _, v := range p.values() {
		for i, n := range v.Names {
			if n == name {
				return p.value(v, i), true
			}
		}
	}
	return Entry{}, false
}

// functions are all that are no methods: go/doc lists those that make a type with it.
func (p *Package) functions() []*doc.Func {
	list := append([]*doc.Func(nil), p.doc.Funcs...)
	for _, t := range p.doc.Types {
		list = append(list, t.Funcs...)
	}
	return list
}

func (p *Package) values() []*doc.Value {
	list := append(append([]*doc.Value(nil), p.doc.Consts...), p.doc.Vars...)
	for _, t := range p.doc.Types {
		list = append(append(list, t.Consts...), t.Vars...)
	}
	return list
}

// Synopses returns the first sentence of each name that the package exports.
func (p *Package) Synopses() map[string]string {
	said := map[string]string{}
	for _, f := range p.functions() {
		said[f.Name] = p.doc.Synopsis(f.Doc)
	}
	for _, t := range p.doc.Types {
		said[t.Name] = p.doc.Synopsis(t.Doc)
	}
	for _, v := range p.values() {
		for i, name := range v.Names {
			said[name] = p.doc.Synopsis(p.valueDoc(v, i))
		}
	}
	return said
}

func (p *Package) text(comment string) string {
	return strings.TrimRight(string(p.doc.Text(comment)), "\n")
}

func (p *Package) markdown(comment string) string {
	printer := p.doc.Printer()
	printer.HeadingLevel = 4
	printer.HeadingID = nil
	return strings.TrimRight(string(printer.Markdown(p.doc.Parser().Parse(comment))), "\n")
}

// node writes a part of the syntax tree as source.
func (p *Package) node(n any) string {
	var b bytes.Buffer
	if err := (&printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 4}).Fprint(&b, p.fset, n); err != nil {
		return ""
	}
	return b.String()
}

// source is the text between two positions of one of the package's files, with the comment
// above it: go/doc has taken the comments off the syntax tree.
func (p *Package) source(from, to token.Pos) string {
	file := p.fset.File(from)
	if file == nil || !to.IsValid() {
		return ""
	}
	text, err := os.ReadFile(file.Name())
	if err != nil || file.Offset(to) > len(text) {
		return ""
	}
	start := file.Offset(from)
	return string(text[commentAbove(text, start):file.Offset(to)])
}
