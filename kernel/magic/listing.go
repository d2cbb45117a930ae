package magic

import (
	"slices"
	"strings"
)

// Argument is what a magic's line goes on with.
type Argument int

// The kinds of arguments.
const (
	Other       Argument = iota
	GoCode               // a statement or an expression
	File                 // the name of a file
	Folder               // the name of a folder
	Declaration          // what cells have declared
	Variable             // of the environment
	Magic                // another magic
)

// takes is what magics take that do not take something else.
var takes = map[string]Argument{
	"%time": GoCode, "%timeit": GoCode, "%%timeit": GoCode,
	"%cd": Folder, "%capture": File, "%%writefile": File, "%track": Folder, "%untrack": Folder,
	"%run": File, "%load": File, "%save": File, "%pushd": Folder, "%del": Declaration, "%rm": Declaration, "%remove": Declaration, "%exec": Declaration,
	"%env": Variable, "%set_env": Variable, "%help": Magic,
}

// Takes returns what a magic's line goes on with; its name has its percent signs.
func Takes(name string) Argument { return takes[name] }

// find returns the magic of a name with its percent signs.
func find(name string) (command, bool) {
	if cellName, ok := strings.CutPrefix(name, "%%"); ok && cellName != "" {
		c, ok := cellMagics[cellName]
		return c, ok
	}
	c, ok := lineMagics[strings.TrimPrefix(name, "%")]
	return c, ok && strings.HasPrefix(name, "%")
}

// Names lists the magics with their percent signs; those of a cell's first line only with first.
func Names(first bool) (names []string) {
	for name := range lineMagics {
		names = append(names, "%"+name)
	}
	if first {
		for name := range cellMagics {
			names = append(names, "%%"+name)
		}
	}
	slices.Sort(names)
	return names
}

// Help says how a magic is written and what it does. name has its percent signs; one without
// may be either kind. ok is false for a name that no magic has.
func Help(name string) (text string, ok bool) {
	names := []string{name}
	if !strings.HasPrefix(name, "%") {
		names = []string{"%" + name, "%%" + name}
	} else if !strings.HasPrefix(name, "%%") {
		names = append(names, "%"+name) // one that is a cell's only
	}
	var lines []string
	for _, name := range names {
		if c, found := find(name); found && (len(lines) == 0 || !strings.HasPrefix(lines[0], c.usage)) {
			lines = append(lines, c.usage+"\n    "+c.help)
		}
		if len(lines) > 0 && strings.HasPrefix(names[0], "%") {
			break
		}
	}
	return strings.Join(lines, "\n\n"), len(lines) > 0
}

// Usage is how a magic is written, in short.
func Usage(name string) string {
	c, _ := find(name)
	return c.help
}
