package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// A unit is the Go code of a cell on its way from text to a source file that
// the compiler takes.
//
// Its probe is a Go file in the user's own names with three parts: variables
// with their initialisers, which tell the checker the types of what := declares;
// the cell's other declarations; and one function with the cell's statements.
// The file that is compiled is made of the second and third part by edits.
type unit struct {
	scope *scope.Scope
	units *report.Sources // that lines of earlier cells are found in
	*report.Source
	items []cell.Item // those that are Go code

	imports   map[string]string             // the cell's own, by local name
	dots      []string                      // the cell's own dot imports
	blanks    []string                      // the cell's own blank imports
	embeds    map[string]embedded           // variables under //go:embed
	aliases   map[string]string             // type declarations of another name for a type, T = *Pt
	declared  map[string]bool               // names that the cell declares at its top
	variables []string                      // those of them that are variables, in order
	runsMain  bool                          // main is called when the cell's statements are done
	inits     []string                      // gonb's init_… functions that are called before them
	waiting   []string                      // those that a later cell calls
	earlier   []use                         // where statements mean a version that the cell replaces
	replaced  []string                      // the names of those
	revised   map[string]*scope.Declaration // declared earlier, given a new type by this cell
	affected  map[*scope.Declaration]bool   // the same as a set
	needed    map[string]bool               // packages that the revised mention
	again     map[string][]scope.Mention    // what the text of the revised mentions, by name or type.method
	standIns  map[string]*scope.Declaration // earlier versions that it means, by what the probe calls them
	sources   map[string]string             // what the user wrote, by name or type.method
	own       map[string]bool               // names, and type.method, that the cell's text declares
	initial   map[string]origin             // where it declares its variables
	varValues map[spot]bool                 // where the values of its var declarations stand
	definedAt map[string]spot               // the statements by which := declares variables
	pragmas   map[string][]string           // compiler directives, by name or type.method
	linknames map[string]string             // what //go:linkname makes of a name
	docs      map[string]string             // doc comments, by name or type.method
	origins   []origin                      // of a text put together from several cells
	internal  bool                          // the kernel wrote the text, and may use its own names

	text     strings.Builder
	declFrom int // offset of the second part
	bodyFrom int // offset of the third part

	checked
}

func newUnit(s *scope.Scope, units *report.Sources, c *cell.Cell, items []cell.Item) *unit {
	return &unit{
		scope: s, units: units, Source: &report.Source{Cell: c}, items: items,
		imports: map[string]string{}, aliases: map[string]string{}, embeds: map[string]embedded{}, declared: map[string]bool{}, own: map[string]bool{},
		sources: map[string]string{}, needed: map[string]bool{}, initial: map[string]origin{}, varValues: map[spot]bool{}, definedAt: map[string]spot{},
		pragmas: map[string][]string{}, linknames: map[string]string{}, docs: map[string]string{}, again: map[string][]scope.Mention{}, standIns: map[string]*scope.Declaration{},
	}
}

// mark tells the parser that what follows stands at an offset of the cell.
func (u *unit) mark(offset int) string {
	for i := len(u.origins) - 1; i >= 0; i-- {
		if o := u.origins[i]; o.offset <= offset {
			return o.mark(u.Cell.Text[o.offset:offset])
		}
	}
	line, column := u.Cell.Position(offset)
	return lineMark(u.File, line, column)
}

// A statement of the cell, parsed by itself.
type parsed struct {
	item cell.Item
	stmt ast.Stmt // for statements
	gen  *ast.GenDecl
	fn   *ast.FuncDecl
	base int // add it to a position of the nodes to get an offset of the cell
}

func (p parsed) offset(pos token.Pos) int { return p.base + int(pos) }

// node is what was parsed.
func (p parsed) node() ast.Node {
	switch {
	case p.gen != nil:
		return p.gen
	case p.stmt != nil:
		return p.stmt
	}
	return p.fn
}

// isInit reports whether a function runs by itself and cannot be called.
func isInit(fn *ast.FuncDecl) bool { return fn.Recv == nil && fn.Name.Name == "init" }

func initRank(p parsed) int {
	if p.item.Kind == cell.Func && isInit(p.fn) {
		return 1
	}
	return 0
}

// parse reads one item. Its error has positions in the cell.
func (u *unit) parse(item cell.Item) (parsed, error) {
	p := parsed{item: item}
	prefix := "package p;"
	if item.Kind == cell.Statement {
		prefix += "func _() (e error) {"
	}
	prefix += u.mark(item.Start)
	source := prefix + u.Cell.Source(item)
	if item.Kind == cell.Statement {
		source += "\n}"
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, probeFile, source, parser.SkipObjectResolution)
	if err != nil {
		return p, err
	}
	p.base = item.Start - len(prefix) - 1
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			p.gen = d
		case *ast.FuncDecl:
			p.fn = d
			if item.Kind == cell.Statement && len(d.Body.List) > 0 {
				p.stmt = d.Body.List[0]
			}
		}
	}
	return p, nil
}
