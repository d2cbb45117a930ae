package randprog

import (
	"fmt"
	"strings"
)

type kind int

const (
	integer kind = iota
	float
	text
	boolean
	slice
	array
	mapping
	pointer
	structure
	function
	anything
)

// A typ is a type of the programs. Types are the same when their pointers are.
type typ struct {
	kind     kind
	name     string // as the program writes it
	elem     *typ
	key      *typ
	len      int
	bits     int
	unsigned bool
	fields   []field
	methods  []method
	params   []*typ
	result   *typ // nil for none
	version  int  // of a named type: which declaration of its name
	named    string
}

type field struct {
	name string
	typ  *typ
}

type method struct {
	name   string
	param  *typ
	result *typ
	pure   bool
}

var (
	intType     = &typ{kind: integer, name: "int", bits: 64}
	floatType   = &typ{kind: float, name: "float64"}
	stringType  = &typ{kind: text, name: "string"}
	boolType    = &typ{kind: boolean, name: "bool"}
	anyType     = &typ{kind: anything, name: "any"}
	integerList = []*typ{
		intType, intType, intType,
		{kind: integer, name: "int8", bits: 8}, {kind: integer, name: "int16", bits: 16}, {kind: integer, name: "int32", bits: 32}, {kind: integer, name: "int64", bits: 64},
		{kind: integer, name: "uint8", bits: 8, unsigned: true}, {kind: integer, name: "uint16", bits: 16, unsigned: true}, {kind: integer, name: "uint32", bits: 32, unsigned: true},
		{kind: integer, name: "uint64", bits: 64, unsigned: true}, {kind: integer, name: "uint", bits: 64, unsigned: true}, {kind: integer, name: "uintptr", bits: 64, unsigned: true},
	}
)

// composed returns the one type made of others.
func (g *generator) composed(k kind, elem, key *typ, n int) *typ {
	t := &typ{kind: k, elem: elem, key: key, len: n}
	switch k {
	case slice:
		t.name = "[]" + elem.name
	case array:
		t.name = fmt.Sprintf("[%d]%s", n, elem.name)
	case mapping:
		t.name = fmt.Sprintf("map[%s]%s", key.name, elem.name)
	case pointer:
		t.name = "*" + elem.name
	}
	return g.intern(t)
}

// funcOf returns the type of functions.
func (g *generator) funcOf(params []*typ, result *typ) *typ {
	var list []string
	for _, p := range params {
		list = append(list, p.name)
	}
	name := "func(" + strings.Join(list, ", ") + ")"
	if result != nil {
		name += " " + result.name
	}
	return g.intern(&typ{kind: function, name: name, params: params, result: result})
}

// intern keeps one pointer for each type. Types that mention different versions of
// a name are different.
func (g *generator) intern(t *typ) *typ {
	key := t.name + versions(t)
	if old := g.types[key]; old != nil {
		return old
	}
	g.types[key] = t
	return t
}

func versions(t *typ) string {
	if t == nil || t.named == "" && t.kind <= boolean {
		return ""
	}
	if t.named != "" {
		return fmt.Sprintf("/%s%d", t.named, t.version)
	}
	s := versions(t.elem) + versions(t.key) + versions(t.result)
	for _, p := range t.params {
		s += versions(p)
	}
	return s
}

// nameable reports whether the names of a type mean it still, here.
func (g *generator) nameable(t *typ) bool {
	if t == nil {
		return true
	}
	if t.named != "" {
		return g.named[t.named] == t && !g.hidden(t.named)
	}
	for _, p := range t.params {
		if !g.nameable(p) {
			return false
		}
	}
	return g.nameable(t.elem) && g.nameable(t.key) && g.nameable(t.result)
}

// comparable reports whether values can be compared without a panic.
func (t *typ) comparable() bool {
	switch t.kind {
	case slice, mapping, function, anything:
		return false
	case array:
		return t.elem.comparable()
	case structure:
		for _, f := range t.fields {
			if !f.typ.comparable() {
				return false
			}
		}
	}
	return true
}

// printable reports whether fmt prints values the same in each run.
func (t *typ) printable() bool {
	switch t.kind {
	case pointer, function:
		return false
	case slice, array:
		return t.elem.printable()
	case mapping:
		return t.elem.printable() && t.key.printable()
	case structure:
		for _, f := range t.fields {
			if !f.typ.printable() {
				return false
			}
		}
	}
	return true
}

func (g *generator) integerType() *typ { return pick(g, integerList) }

func (g *generator) basicType() *typ {
	switch g.n(10) {
	case 0:
		return floatType
	case 1, 2:
		return stringType
	case 3:
		return boolType
	case 4:
		for _, name := range g.namedNames() {
			if t := g.named[name]; t.kind == integer && g.nameable(t) && g.n(2) == 0 {
				return t
			}
		}
	}
	return g.integerType()
}

// anyTyp is a type that a variable may have.
func (g *generator) anyTyp() *typ {
	switch g.n(16) {
	case 8: // of composed ones
		of := g.composed(pick(g, []kind{slice, array}), g.basicType(), nil, 1+g.n(3))
		return g.composed(pick(g, []kind{slice, array}), of, nil, 1+g.n(3))
	case 0, 1:
		return g.composed(slice, g.basicType(), nil, 0)
	case 2:
		return g.composed(array, g.basicType(), nil, 1+g.n(4))
	case 3:
		return g.composed(mapping, g.basicType(), g.keyType(), 0)
	case 4, 5:
		var list []*typ
		for _, name := range g.namedNames() {
			if t := g.named[name]; t.kind == structure && g.nameable(t) {
				list = append(list, t)
			}
		}
		if len(list) > 0 {
			t := pick(g, list)
			switch g.n(5) {
			case 0:
				return g.composed(pointer, t, nil, 0)
			case 1:
				return g.composed(slice, t, nil, 0)
			}
			return t
		}
	case 6:
		return anyType
	case 7:
		return g.composed(pointer, g.integerType(), nil, 0)
	}
	return g.basicType()
}

func (g *generator) keyType() *typ {
	for {
		if t := g.basicType(); t.kind != float {
			return t
		}
	}
}
