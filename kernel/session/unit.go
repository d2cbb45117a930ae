package session

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
)

// packagePath is the path of the one growing package. Its name is main, so that
// types print as main.T.
const packagePath = "notebook"

// A unit is the Go code of a cell on its way from text to a source file that
// the compiler takes.
//
// Its probe is a Go file in the user's own names with three parts: variables
// with their initialisers, which tell the checker the types of what := declares;
// the cell's other declarations; and one function with the cell's statements.
// The file that is compiled is made of the second and third part by edits.
type unit struct {
	session *Session
	id      int
	cell    *cell.Cell
	items   []cell.Item // those that are Go code

	imports   map[string]string   // the cell's own, by local name
	dots      []string            // the cell's own dot imports
	blanks    []string            // the cell's own blank imports
	embeds    map[string]embedded // variables under //go:embed
	aliases   map[string]string   // type declarations of another name for a type, T = *Pt
	declared  map[string]bool     // names that the cell declares at its top
	variables []string            // those of them that are variables, in order
	earlier   map[string]bool     // names that statements use before they declare them anew
	hasMain   bool
	replaced  []string                // the names of earlier, before writing used them up
	visible   map[string]string       // imports that the probe has, by local name
	revised   map[string]*declaration // declared earlier, given a new type by this cell
	needed    map[string]bool         // packages that the revised mention
	guessed   []string                // import paths that the user did not write
	shown     int                     // the number that the user knows it by: In[3]
	sources   map[string]string       // what the user wrote, by name or type.method
	own       map[string]bool         // names, and type.method, that the cell's text declares
	initial   map[string]origin       // where it declares its variables
	origins   []origin                // of a text put together from several cells

	text     strings.Builder
	declFrom int // offset of the second part
	bodyFrom int // offset of the third part

	checked
}

func (s *Session) newUnit(c *cell.Cell, items []cell.Item) *unit {
	return &unit{
		session: s, cell: c, items: items,
		imports: map[string]string{}, aliases: map[string]string{}, embeds: map[string]embedded{}, declared: map[string]bool{}, own: map[string]bool{},
		earlier: map[string]bool{}, sources: map[string]string{}, needed: map[string]bool{}, initial: map[string]origin{},
	}
}

// bodyName is the function that holds the cell's statements.
func (u *unit) bodyName() string { return fmt.Sprintf("nbCell_%d", u.id) }

// fileName is what positions call the unit.
func (u *unit) fileName() string { return unitFile(u.id) }

func unitFile(id int) string { return fmt.Sprintf("In[%d]", id) }

// mark tells the parser that what follows stands at an offset of the cell.
func (u *unit) mark(offset int) string {
	for i := len(u.origins) - 1; i >= 0; i-- {
		if o := u.origins[i]; o.offset <= offset {
			return o.mark(u.cell.Text[o.offset:offset])
		}
	}
	line, column := u.cell.Position(offset)
	return lineMark(u.fileName(), line, column)
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

// functionName is what the growing package calls a function of the cell: each
// cell may have a main and any number of init.
func (u *unit) functionName(fn *ast.FuncDecl, start int) string {
	switch {
	case isInit(fn):
		return u.initName(start)
	case fn.Name.Name == "main" && fn.Type.Params.NumFields() == 0:
		return fmt.Sprintf("nbMain_%d", u.id)
	}
	return fn.Name.Name
}

// initName is what the growing package calls the init that stands at an offset.
func (u *unit) initName(start int) string { return fmt.Sprintf("nbInit_%d_%d", u.id, start) }

// isInit tells a function that runs by itself: Go's init, and what gonb takes
// for one, since there a name can be declared only once.
func isInit(fn *ast.FuncDecl) bool {
	return (fn.Name.Name == "init" || strings.HasPrefix(fn.Name.Name, "init_")) && fn.Type.Params.NumFields() == 0
}

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
	source := prefix + u.cell.Source(item)
	if item.Kind == cell.Statement {
		source += "\n}"
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, u.fileName(), source, parser.SkipObjectResolution)
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
