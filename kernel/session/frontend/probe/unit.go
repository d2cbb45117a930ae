package probe

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// A Unit is the Go code of a cell on its way from text to a source file that
// the compiler takes.
//
// Its probe is a Go file in the user's own names with three parts: variables
// with their initialisers, which tell the checker the types of what := declares;
// the cell's other declarations; and one function with the cell's statements.
// The file that is compiled is made of the second and third part by edits.
type Unit struct {
	Scope  *scope.Scope
	Loaded *report.Sources // that lines of earlier cells are found in
	*report.Source
	Items []cell.Item // those that are Go code

	Imports   map[string]string             // the cell's own, by local name
	Dots      []string                      // the cell's own dot imports
	Blanks    []string                      // the cell's own blank imports
	Embeds    map[string]embedded           // variables under //go:embed
	aliases   map[string]string             // type declarations of another name for a type, T = *Pt
	Declared  map[string]bool               // names that the cell declares at its top
	variables []string                      // those of them that are variables, in order
	runsMain  bool                          // main is called when the cell's statements are done
	Inits     []string                      // gonb's init_… functions that are called before them
	Waiting   []string                      // those that a later cell calls
	earlier   []use                         // where statements mean a version that the cell replaces
	Replaced  []string                      // the names of those
	Revised   map[string]*scope.Declaration // declared earlier, given a new type by this cell
	affected  map[*scope.Declaration]bool   // the same as a set
	needed    map[string]bool               // packages that the revised mention
	Again     map[string][]scope.Mention    // what the text of the revised mentions, by name or type.method
	standIns  map[string]*scope.Declaration // earlier versions that it means, by what the probe calls them
	Texts     map[string]string             // what the user wrote, by name or type.method
	Own       map[string]bool               // names, and type.method, that the cell's text declares
	Initial   map[string]Origin             // where it declares its variables
	VarValues map[Spot]bool                 // where the values of its var declarations stand
	DefinedAt map[string]Spot               // the statements by which := declares variables
	Pragmas   map[string][]string           // compiler directives, by name or type.method
	Linknames map[string]string             // what //go:linkname makes of a name
	Docs      map[string]string             // doc comments, by name or type.method
	Origins   []Origin                      // of a text put together from several cells
	Internal  bool                          // the kernel wrote the text, and may use its own names
	IsProgram bool                          // a magic makes the cell a whole program, as gonb's %% does

	Text     strings.Builder
	DeclFrom int // offset of the second part
	BodyFrom int // offset of the third part

	checked
}

// New returns the unit of a cell's items. loaded are the sources of the units before it.
func New(s *scope.Scope, loaded *report.Sources, c *cell.Cell, items []cell.Item) *Unit {
	return &Unit{
		Scope: s, Loaded: loaded, Source: &report.Source{Cell: c}, Items: items,
		Imports: map[string]string{}, aliases: map[string]string{}, Embeds: map[string]embedded{}, Declared: map[string]bool{}, Own: map[string]bool{},
		Texts: map[string]string{}, needed: map[string]bool{}, Initial: map[string]Origin{}, VarValues: map[Spot]bool{}, DefinedAt: map[string]Spot{},
		Pragmas: map[string][]string{}, Linknames: map[string]string{}, Docs: map[string]string{}, Again: map[string][]scope.Mention{}, standIns: map[string]*scope.Declaration{},
	}
}

// mark tells the parser that what follows stands at an offset of the cell.
func (u *Unit) mark(offset int) string {
	for i := len(u.Origins) - 1; i >= 0; i-- {
		if o := u.Origins[i]; o.Offset <= offset {
			return o.Mark(u.Cell.Text[o.Offset:offset])
		}
	}
	line, column := u.Cell.Position(offset)
	return LineMark(u.File, line, column)
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
func (u *Unit) parse(item cell.Item) (parsed, error) {
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
