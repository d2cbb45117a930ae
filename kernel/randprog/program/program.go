package program

import (
	"fmt"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"slices"
	"strings"
)

// Mark stands before each name, in the text of a piece, that belongs to the
// notebook and not to a block within it. It makes a name's meaning plain without
// resolving scopes, also after a part of the program was taken out.
const Mark = "ʟ"

// Kind says what a piece is.
type Kind int

// The kinds of pieces.
const (
	Statement Kind = iota // statements that must stand in one cell
	Define                // x, y := …
	Var                   // a var declaration
	Const
	Type
	Func
	Method
	Import
	Wrong  // statements that do not compile; a cell of their own
	Result // an expression whose value the cell shows; the last piece of its cell
)

// A Piece is what may stand at the top of a cell.
type Piece struct {
	Kind     Kind
	Text     string
	Declares []Decl
	Endless  bool // is no use to later cells, and its cell is interrupted at its first output
	Ends     bool // a panic ends its cell
	Keep     bool // must not be skipped by a panic in its cell
	First    bool // begins a cell
	Join     bool // must be in the cell of the piece before it
}

// A Decl is a name that a piece declares.
type Decl struct {
	Name string
	Type string // of a variable, with marks
	Path string // of an imported package; with a dot import, the qualified name
}

// A Cell is executed as a whole.
type Cell struct{ Pieces []Piece }

// A Program is a notebook.
type Program struct {
	Name  string
	Cells []Cell
}

// Code is the cell as a user would write it.
func (c Cell) Code() string {
	var texts []string
	for _, p := range c.Pieces {
		texts = append(texts, strings.ReplaceAll(p.Text, Mark, ""))
	}
	return strings.ReplaceAll(strings.Join(texts, "\n"), StopMark, "")
}

// Interrupted reports whether the cell runs until it is interrupted.
func (c Cell) Interrupted() bool {
	return slices.ContainsFunc(c.Pieces, func(p Piece) bool { return p.Endless })
}

// StopMark is where an endless loop ends in the reference.
const StopMark = "/*stop*/"

// CountMark is the number of its cell in a program, 1 for the first.
const CountMark = "/*count*/"

// Pieces lists all pieces of the program.
func (p Program) Pieces() []Piece {
	var all []Piece
	for _, c := range p.Cells {
		all = append(all, c.Pieces...)
	}
	return all
}

// Cut joins pieces to cells of at most about size pieces. A cell cannot declare a
// name that the cell itself has mentioned before: in a cell, as in a function, that
// would be another meaning of a name within one scope, which Go has for blocks only.
func Cut(name string, pieces []Piece, size int, r *rand.Rand) Program {
	p := Program{Name: name}
	var cell Cell
	mentioned := map[string]bool{}
	flush := func() {
		if len(cell.Pieces) > 0 {
			p.Cells = append(p.Cells, cell)
		}
		cell, mentioned = Cell{}, map[string]bool{}
	}
	panics := false
	for _, piece := range pieces {
		clash := slices.ContainsFunc(piece.Declares, func(d Decl) bool { return mentioned[d.Name] })
		if piece.Join {
			clash = false
		} else if clash || piece.Endless || piece.Kind == Wrong || piece.First || panics && (piece.Keep || r.IntN(8) > 0) || r.IntN(size) == 0 {
			flush()
			panics = false
		}
		piece.Text = strings.ReplaceAll(piece.Text, CountMark, fmt.Sprint(len(p.Cells)+1))
		cell.Pieces = append(cell.Pieces, piece)
		for _, n := range Names(piece.Text) {
			mentioned[n] = true
		}
		for _, d := range piece.Declares {
			mentioned[d.Name] = true
		}
		panics = panics || piece.Ends
		if piece.Endless || piece.Kind == Result || piece.Kind == Wrong {
			flush()
			panics = false
		}
	}
	flush()
	return p
}

// A Place is an identifier of the notebook's in a text.
type Place struct {
	Offset int // of the mark
	Name   string
}

// Identifiers finds the identifiers of a text.
func Identifiers(text string) []Place {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	var list []Place
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return list
		}
		if tok == token.IDENT {
			list = append(list, Place{file.Offset(pos), lit})
		}
	}
}

// places finds the marked identifiers of a text.
func places(text string) []Place {
	var list []Place
	for _, p := range Identifiers(text) {
		if name, ok := strings.CutPrefix(p.Name, Mark); ok {
			list = append(list, Place{p.Offset, name})
		}
	}
	return list
}

// Names lists the notebook's names that a text mentions.
func Names(text string) []string {
	var names []string
	for _, p := range places(text) {
		names = append(names, p.Name)
	}
	return names
}

// wrong is what the error of a cell says that does not compile.
const wrong = "undefined: nowhereDeclared"
