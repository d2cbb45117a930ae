// Package magic implements the kernel's own commands in a cell: IPython's timing and
// environment magics and gonb's special commands, one file each.
//
// It defines the commands and parses their arguments; it runs what needs no Go, and
// leaves the rest to the session, which it is given as a Host.
package magic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"locuslab/kernel/display"
)

// A Host is the session that a magic acts on.
type Host interface {
	// Run executes Go code of the cell and returns what it cost.
	Run(ctx context.Context, code string) (Cost, error)
	// Setenv changes the environment of the worker and of shell commands.
	Setenv(ctx context.Context, name, value string) error
	// Environ returns that environment, as os.Environ does.
	Environ() []string
	// Chdir changes the working directory of both, and Dir returns it.
	Chdir(ctx context.Context, dir string) error
	Dir() string
	// RunCell runs a whole cell, its magics included, and Into returns a Host whose code
	// shows on another output.
	RunCell(ctx context.Context, code string) error
	Into(out display.Output) Host
	// Known reports whether a name stands for something that cells have declared.
	Known(name string) bool
	// State is what magics remember, and History what other sessions have run.
	State() *State
	History() ([]Input, error)
	// ModuleDir is the folder of the session's own go.mod.
	ModuleDir() string
	// Spent adds to what the cell has cost beside its Go code.
	Spent(Cost)
	// HideNext makes the next shell command ask for its input without showing it, and
	// Hidden reports whether the command at hand is that one, once.
	HideNext()
	Hidden() bool
	// Trace runs the cell and shows a picture of what its goroutines did.
	Trace(ctx context.Context, code string) error
	// CPU runs the cell and shows a picture of where it was busy, Memory a list of what
	// its lines allocated.
	CPU(ctx context.Context, code string) error
	Memory(ctx context.Context, code string) error
	// RunTests runs the statements of a cell and then its tests, in a program of their
	// own with what they need of earlier cells' declarations, and reports whether it
	// ended with status 0.
	RunTests(ctx context.Context, code string, flags []string) (passed bool, err error)
	// AutoGet says whether imports fetch modules that nothing provides yet.
	AutoGet(on bool)
	// Get adds a package, path@version, to the session's module.
	Get(ctx context.Context, spec string) error
	// Reload imports packages anew whose sources have changed, and says which.
	Reload(ctx context.Context) (string, error)
	// Race runs Go code as a standalone program, with the race detector.
	Race(ctx context.Context, code string) error
	// Reset ends the worker and forgets what was declared.
	Reset(ctx context.Context) error
	// ResetModule makes the session's go.mod anew from the user's.
	ResetModule(ctx context.Context) error
	// Forget forgets names; it returns those that nothing declared.
	Forget(ctx context.Context, names []string) ([]string, error)
	// ConnectPage connects package gonbui with the page that shows the notebook, and
	// PageAnswers asks whether it is still there.
	ConnectPage(ctx context.Context) error
	PageAnswers(ctx context.Context) bool
	// ServeFiles makes a folder whose files the page can load, and names it in the
	// environment.
	ServeFiles(ctx context.Context) error
	// Declared lists what was declared, one entry a name.
	Declared() []Declared
	// Whos prints the variables with their sizes and values.
	Whos(ctx context.Context) error
}

// Cost is what running Go code cost, compile time excluded.
type Cost struct {
	Wall, User, Sys time.Duration
}

// Add adds up two costs.
func (c Cost) Add(d Cost) Cost { return Cost{c.Wall + d.Wall, c.User + d.User, c.Sys + d.Sys} }

// Declared is one name of the session, for %who.
type Declared struct {
	Name, Kind, Type string
}

// A Call is a magic as a user wrote it.
type Call struct {
	Name string // without its percent signs
	Args string // the rest of the line, trimmed
	Body string // the cell's text: below it for a cell magic, all of it for a line magic
	cell bool
}

type run func(ctx context.Context, h Host, c Call, out display.Output) error

// A command is one magic.
type command struct {
	usage string // as a user writes it
	help  string // one line
	run   run
}

var lineMagics, cellMagics map[string]command

func init() { // a table of functions that refer to the table
	lineMagics = map[string]command{
		"time": timeLine, "timeit": timeitLine, "env": env, "set_env": env, "cd": cd, "pwd": pwd,
		"pushd": pushd, "popd": popd, "run": runFile, "load": load, "history": history, "hist": history, "save": save, "sx": shellLines, "system": shellLines,
		"help": help, "lsmagic": listMagics, "get": get, "reload": reload, "who": who, "whos": whos, "ls": who, "list": who,
		"reset": reset, "clear": clearOutput, "rm": remove, "remove": remove, "del": remove, "version": versionLine,
		"main": arguments, "%": arguments, "args": arguments, "exec": execFunction, "test": test, "capture": capture,
		"with_inputs": inputs, "with_password": inputs, "goflags": withoutEffect,
		"autoget": autoget, "noautoget": autoget, "goworkfix": workFix, "track": track, "untrack": track,
		"widgets": widgets, "widgets_hb": widgets, "wasm": forPage,
	}
	cellMagics = map[string]command{
		"time": timeCell, "timeit": timeitCell, "trace": traceCell, "prof": profCell, "mem": memCell, "bench": benchCell, "race": race, "writefile": writefile, "bash": script, "sh": script, "script": script, "capture": captureCell,
		"python3": script, "python": script, "perl": script, "ruby": script,
		"html": show("text/html"), "markdown": show("text/markdown"), "svg": show("image/svg+xml"),
		"javascript": show("text/javascript"), "js": show("text/javascript"), "latex": show("text/latex"),
	}
}

// Parse reads the cell magic at the head of a cell; nil for a cell that has
// none. gonb's %% , which begins the body of main, is none.
func Parse(code string) (*Call, error) {
	text := strings.TrimLeft(code, " \t\n")
	if !strings.HasPrefix(text, "%%") {
		return nil, nil
	}
	line, body, _ := strings.Cut(text, "\n")
	name, args, _ := strings.Cut(strings.TrimSpace(line[2:]), " ")
	if name == "" || line[2] == ' ' {
		return nil, nil
	}
	if _, ok := cellMagics[name]; !ok {
		return nil, unknown("%%", name, cellMagics)
	}
	// The lines keep their numbers.
	head := strings.Count(code[:len(code)-len(text)], "\n") + 1
	return &Call{Name: name, Args: strings.TrimSpace(args), Body: strings.Repeat("\n", head) + body, cell: true}, nil
}

// parseLine reads a line magic, %name args.
func parseLine(line string) (*Call, error) {
	line = strings.ReplaceAll(strings.TrimSpace(line), "\\\n", " ")
	name, args, _ := strings.Cut(strings.TrimPrefix(line, "%"), " ")
	if name == "" {
		name = "%"
	}
	if strings.HasPrefix(name, "%") && name != "%" {
		if _, ok := cellMagics[name[1:]]; ok {
			return nil, fmt.Errorf("%%%s must be the first line of its cell", name)
		}
	}
	if _, ok := lineMagics[name]; !ok {
		return nil, unknown("%", name, lineMagics)
	}
	return &Call{Name: name, Args: strings.TrimSpace(args)}, nil
}

func unknown(percent, name string, table map[string]command) error {
	if _, ok := cellMagics[name]; ok && percent == "%" {
		return fmt.Errorf("there is no magic %%%s for a line; %%%%%s is one for a cell, whose first line it must be", name, name)
	}
	if _, ok := lineMagics[name]; ok && percent == "%%" {
		return fmt.Errorf("there is no magic %%%%%s for a cell; %%%s is one for a line", name, name)
	}
	names := make([]string, 0, len(table))
	for n := range table {
		names = append(names, percent+n)
	}
	slices.Sort(names)
	return fmt.Errorf("there is no magic %s%s; there are %s (%%help says what they do)", percent, name, strings.Join(names, " "))
}

// Do runs a magic.
func Do(ctx context.Context, h Host, c *Call, out display.Output) error {
	table := lineMagics
	if c.cell {
		table = cellMagics
	}
	return table[c.Name].run(ctx, h, *c, out)
}

// A UsageError is a magic that was not written as it must be.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }
