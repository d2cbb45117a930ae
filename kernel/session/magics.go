package session

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
	"locuslab/kernel/session/complete"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker"
)

// A host lets a magic of one cell act on the session.
type host struct {
	*Session
	count int
	out   display.Output
	after func(worker.Outcome) // is told what was spent; may be nil
	above int                  // lines of the cell that stand above a line magic
}

func (s *Session) runMagic(ctx context.Context, m *magic.Call, h host) error {
	if m.Name != "time" { // it changes nothing by itself
		s.dropAhead()
	}
	return magicFailure(magic.Do(ctx, h, m, h.out))
}

// runLine runs a line for the kernel: a shell command, a question or a magic.
// text is that of its cell.
func (s *Session) runLine(ctx context.Context, line magic.Line, text string, h host) error {
	if strings.Contains(line.Text, "{") && !line.TakesGo() {
		line = magic.ReadLine(magic.Insert(ctx, h, line.Text, h.out))
	}
	switch {
	case line.IsShell():
		s.dropAhead()
		cost, err := magic.Shell(ctx, h, line.Text, h.out)
		h.Spent(cost)
		return magicFailure(err)
	case line.IsQuestion():
		b, ok := s.question(line.Text)
		if !ok {
			return &display.Failure{Name: "UsageError", Value: "nothing is known by the name " + strings.Trim(line.Text, "? ")}
		}
		page(h.out, b)
		return nil
	}
	if line.Err != nil {
		return &display.Failure{Name: "UsageError", Value: line.Err.Error()}
	}
	m := *line.Call
	m.Body = text
	return s.runMagic(ctx, &m, h)
}

// page shows help apart from the notebook where the front end has a place for
// it.
func page(out display.Output, b display.Bundle) {
	if pager, ok := out.(display.Pager); ok {
		pager.Page(b)
		return
	}
	out.Display(b)
}

func magicFailure(err error) error {
	var wrong *magic.UsageError
	if errors.As(err, &wrong) {
		return &display.Failure{Name: "UsageError", Value: err.Error(), Traceback: []string{report.Red + err.Error() + report.Normal}}
	}
	return err
}

// Run implements magic.Host.
func (h host) Run(ctx context.Context, code string) (magic.Cost, error) {
	var cost magic.Cost
	code = strings.Repeat("\n", h.above) + code // so that its lines have the cell's numbers
	err := h.executeGo(ctx, code, h.count, h.out, func(o worker.Outcome) {
		if h.after != nil {
			h.after(o)
		}
		cost = cost.Add(magic.Cost{Wall: o.Wall, User: o.User, Sys: o.Sys})
	})
	return cost, err
}

// RunCell implements magic.Host.
func (h host) RunCell(ctx context.Context, code string) error {
	if m, err := magic.Parse(code); m == nil && err == nil {
		return h.executeGo(ctx, h.shellAssignments(code), h.count, h.out, h.after)
	}
	return h.execute(ctx, code, h.count, h.out)
}

// Into implements magic.Host.
func (h host) Into(out display.Output) magic.Host {
	h.out = out
	return h
}

// Known implements magic.Host.
func (h host) Known(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.scope.Names.Current[name] != nil || h.scope.Names.Imports[name] != ""
}

// State implements magic.Host.
func (h host) State() *magic.State { return &h.magics }

// History implements magic.Host.
func (h host) History() ([]magic.Input, error) {
	if h.options.History == nil {
		return nil, nil
	}
	return h.options.History()
}

// shellAssignments turns the lines name := !command of a cell into magics.
func (s *Session) shellAssignments(code string) string {
	if !strings.Contains(code, "!") {
		return code
	}
	lines := strings.SplitAfter(code, "\n")
	at := 0
	for i, line := range lines {
		text := strings.TrimRight(line, "\r\n")
		if magic.MayAssignShell(text) && isAtTop(code, at) { // the second reads the cell up to there
			statement := ""
			if items := cell.Split(code[at:]).Items; len(items) > 0 {
				statement = code[at+items[0].Start : at+items[0].End]
			}
			as, ok := magic.ShellAssignment(text, statement, func(name string, selected bool) bool {
				return s.means(code[:at], name, code[at+len(line):]) || selected && s.isStandard(name)
			})
			if ok {
				lines[i] = as + line[len(text):]
			}
		}
		at += len(line)
	}
	return strings.Join(lines, "")
}

// isAtTop reports whether a place is one of Go code and in no bracket.
func isAtTop(code string, at int) bool {
	c := cell.At(code, at)
	return c.Place == cell.InCode && c.Open == ""
}

// means reports whether a name stands for something in Go code between two parts of a cell:
// something predeclared, or of this cell or another one, or of a package imported with a dot.
func (s *Session) means(above, name, below string) bool {
	if (host{Session: s}).Known(name) || types.Universe.Lookup(name) != nil {
		return true
	}
	s.mu.Lock()
	dotted := len(s.scope.Names.Dots) > 0
	s.mu.Unlock()
	if dotted || dotImport.MatchString(above) {
		return true
	}
	quoted := regexp.QuoteMeta(name)
	return regexp.MustCompile(`(^|[^\pL\d_])`+quoted+`($|[^\pL\d_])`).MatchString(above) ||
		regexp.MustCompile(`(?m)^\s*(?:(?:func|type|const|var)\b[\s(]*)?`+quoted+`($|[^\pL\d_])`).MatchString(below)
}

// isStandard reports whether a package of the standard library is so called, which a cell need
// not import.
func (s *Session) isStandard(name string) bool {
	names, err := s.workspace.StdNames(build.Quickly(context.Background()))
	return err == nil && names[name] != nil
}

// dotImport finds the import of a package with a dot.
var dotImport = regexp.MustCompile("(?m)(^|import|[(;])\\s*\\.\\s*[\"`]")

// Setenv implements magic.Host.
func (h host) Setenv(ctx context.Context, name, value string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.environ[name] = value
	if h.process != nil {
		return h.process.Setenv(name, value)
	}
	return nil
}

// Environ implements magic.Host.
func (h host) Environ() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.environment()
}

// environment is that of the cells. The mutex is held.
func (s *Session) environment() []string {
	var list []string
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); s.environ[name] == "" {
			list = append(list, entry)
		}
	}
	for name, value := range s.environ {
		list = append(list, name+"="+value)
	}
	return list
}

// Chdir implements magic.Host.
func (h host) Chdir(ctx context.Context, dir string) error {
	dir = filepath.Clean(dir)
	if info, err := os.Stat(dir); err != nil {
		return &magic.UsageError{Message: fmt.Sprintf("cannot change to %s: %v", dir, errors.Unwrap(err))}
	} else if !info.IsDir() {
		return &magic.UsageError{Message: fmt.Sprintf("cannot change to %s: it is not a folder", dir)}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dir = dir
	if h.process == nil {
		return nil
	}
	if err := h.process.Chdir(dir); err != nil {
		return err
	}
	return h.process.Setenv(protocol.GONB_DIR_ENV, dir)
}

// Dir implements magic.Host.
func (h host) Dir() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dir
}

// ModuleDir implements magic.Host.
func (h host) ModuleDir() string { return h.workspace.ModuleDir() }

// HideNext implements magic.Host.
func (h host) HideNext() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hideNext = true
}

// Hidden implements magic.Host.
func (h host) Hidden() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	hidden := h.hideNext
	h.hideNext = false
	return hidden
}

// Spent implements magic.Host.
func (h host) Spent(c magic.Cost) {
	if h.after != nil {
		h.after(worker.Outcome{Wall: c.Wall, User: c.User, Sys: c.Sys})
	}
}

// AutoGet implements magic.Host.
func (h host) AutoGet(on bool) { h.workspace.AutoGet(on) }

// Get implements magic.Host.
func (h host) Get(ctx context.Context, spec string) error {
	kept, err := h.workspace.Get(ctx, spec)
	if err != nil {
		return &magic.UsageError{Message: err.Error()}
	}
	if len(kept) > 0 {
		h.out.Display(display.Notice("note: the session goes on with what it has taken already (" + strings.Join(kept, ", ") + "); %reset or a restart takes the other version"))
	}
	return nil
}

// ResetModule implements magic.Host.
func (h host) ResetModule(ctx context.Context) error { return h.workspace.ResetModule(ctx) }

// Reset implements magic.Host.
func (h host) Reset(context.Context) error {
	err := h.forgetWorker()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.scope = scope.New(h.workspace, h.scope.Runtime, h.scope.Folder)
	h.units.Clear()
	return err
}

// Forget implements magic.Host: the names go, and the values with those of them that
// nothing else can reach.
func (h host) Forget(ctx context.Context, list []string) (missing []string, err error) {
	h.mu.Lock()
	for _, name := range list {
		if h.scope.Names.Current[name] == nil {
			missing = append(missing, name)
		}
		h.noteUsers(name, list)
		h.scope.Names.Forget(name)
	}
	garbage := h.scope.Names.Garbage(h.scope.Names.Symbols(nil))
	h.mu.Unlock()
	if len(garbage) > 0 { // any cell gives its zero value to what nothing reaches
		err = h.runInternal(ctx, takeApart("_ = 0"), discard{})
	}
	return missing, err
}

// noteUsers tells which functions can still reach a variable that is being forgotten
// with others. The mutex is held.
func (h host) noteUsers(name string, forgotten []string) {
	d := h.scope.Names.Current[name]
	if d == nil || !d.KeepsAlive() {
		return
	}
	var users []string
	for _, fn := range h.scope.Names.Sorted() {
		if h.scope.Names.Reach.From[d.Ident][fn.Ident] && !slices.Contains(forgotten, fn.Name) {
			users = append(users, fn.Name)
		}
	}
	if len(users) > 0 {
		h.out.Display(display.Notice(fmt.Sprintf("note: what %s holds stays, as it is still used by %s", name, strings.Join(users, ", "))))
	}
}

// ConnectPage implements magic.Host.
func (h host) ConnectPage(ctx context.Context) error {
	if err := h.gonb.Connect(ctx, h.out.Display); err != nil {
		return &magic.UsageError{Message: err.Error()}
	}
	return nil
}

// PageAnswers implements magic.Host.
func (h host) PageAnswers(ctx context.Context) bool { return h.gonb.Heartbeat(ctx) }

// Declared implements magic.Host.
func (h host) Declared() []magic.Declared {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []magic.Declared
	for _, d := range h.scope.Names.Sorted() {
		if pastName.MatchString(d.Name) {
			continue
		}
		list = append(list, magic.Declared{Name: d.Name, Kind: kindOf(d.Object), Type: types.TypeString(d.Object.Type(), complete.Shortly)})
	}
	return list
}

// Whos implements magic.Host. Without a worker there are no values.
func (h host) Whos(ctx context.Context) error {
	h.mu.Lock()
	var rows []string
	for _, d := range h.scope.Names.Sorted() {
		if v, ok := d.Object.(*types.Var); ok && !pastName.MatchString(d.Name) {
			rows = append(rows, fmt.Sprintf("%q, %q, &%s", d.Name, types.TypeString(v.Type(), complete.Shortly), d.Name))
		}
	}
	running := h.process != nil
	h.mu.Unlock()
	if len(rows) == 0 || !running {
		h.out.Write(display.Stdout, "no variable is declared yet\n")
		return nil
	}
	name := scope.Reserved + "nb"
	code := fmt.Sprintf("import %s %q\n%s.Whos(%s)", name, h.scope.Runtime, name, strings.Join(rows, ", "))
	return h.runInternal(ctx, takeApart(code), h.out)
}

func kindOf(obj types.Object) string {
	switch obj.(type) {
	case *types.Var:
		return "var"
	case *types.Const:
		return "const"
	case *types.TypeName:
		return "type"
	}
	return "func"
}
