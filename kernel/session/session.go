// Package session runs the cells of one notebook. It holds what a notebook has (a scope, a
// worker, a queue, a folder) and walks a cell through the packages that know how: cell
// splits its text, magic runs its magics, frontend turns its Go code into one
// more source file of one growing package, build compiles that, worker runs it, and report
// describes its failures.
//
// It knows nothing of Jupyter, does not run the toolchain, and holds no live value.
package session

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"locuslab/kernel/build"
	"locuslab/kernel/comm"
	"locuslab/kernel/display"
	"locuslab/kernel/godoc"
	"locuslab/kernel/gonbcomm"
	"locuslab/kernel/magic"
	"locuslab/kernel/pagefiles"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker"
)

// Options of a session. The zero value is the session of a notebook in the
// current folder.
type Options struct {
	Dir      string                        // the notebook's folder: decides the module and the working directory
	Notebook string                        // what the notebook is called by, empty if that is not known
	Cache    string                        // the cache's root; empty for the user's
	Log      *slog.Logger                  // nil for none
	Own      fs.FS                         // the kernel's packages for cells, as build has them; nil for none
	Progress func(string)                  // lines for the user about anything that takes long, as build has them; nil for none
	Comms    *comm.Router                  // between the front end and code in cells; nil for none
	KernelID string                        // by which Jupyter's server knows the kernel; empty if that is not known
	History  func() ([]magic.Input, error) // what all sessions have run; nil for nothing
	Server   *pagefiles.Server             // that serves files to the page; nil if there is none
}

// A Session runs the cells of one notebook, one at a time. Interrupt, Queue,
// Complete, Inspect and IsComplete may be called while a cell runs.
type Session struct {
	options   Options
	workspace *build.Workspace
	units     *report.Sources

	starting sync.Mutex // held while a worker is built and started

	mu       sync.Mutex // guards what follows; held while a cell is analysed, not while it runs
	scope    *scope.Scope
	nextUnit int
	process  *worker.Process
	gonb     *gonbcomm.Bridge
	builder  *build.Builder
	objects  []object               // all that the worker has loaded, in order
	ran      map[string]*probe.Unit // units in the worker, by their meaning
	untold   *worker.Died           // how a worker ended between two cells
	wantsC   []string               // packages with C code that the next worker is to be linked with
	cFault   error                  // why that could not be built; nil once it was told
	environ  map[string]string
	dir      string
	docs     godoc.Reader
	magics   magic.State
	results  map[int]types.Type // of what cells have shown in this worker, by number
	files    *pagefiles.Folder  // that programs for the page are in; nil before the first
	programs []string           // their names, the oldest first
	hideNext bool               // what the next shell command asks for is not to be seen

	outer context.Context // that Execute was called with

	executing sync.Mutex // held while a cell is executed, or variables are read
	variables []display.Variable
	inspected map[string]int // units that read variables and are loaded, by their meaning

	aheadMu sync.Mutex
	queued  []string // cells that will come
	ahead   *ahead   // the next of them, compiled while another runs; nil for none

	// cellMu guards what an Interrupt ends, at once.
	cellMu      sync.Mutex
	cellContext context.Context // of the cell being executed
	cancelCell  context.CancelFunc
}

// An object is a unit that the worker has loaded.
type object struct {
	build.Object
	id int
}

// Open starts a session. The worker is built and started when the first cell
// needs it.
func Open(ctx context.Context, o Options) (*Session, error) {
	if o.Dir == "" {
		o.Dir = "."
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open a session in %s: %w", o.Dir, err)
	}
	o.Dir = dir
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Comms == nil {
		o.Comms = comm.NewRouter()
	}
	if o.Cache == "" {
		if o.Cache, err = build.CacheRoot(); err != nil {
			return nil, err
		}
	}
	workspace, err := build.OpenWorkspace(ctx, dir, build.Options{Cache: o.Cache, Progress: o.Progress, Own: o.Own})
	if err != nil {
		return nil, err
	}
	environ := map[string]string{}
	if o.Server != nil {
		environ[protocol.GONB_JUPYTER_ROOT_ENV] = o.Server.Root
	}
	return &Session{
		gonb: gonbcomm.New(o.Comms, o.KernelID), wantsC: workspace.NeedsC(o.Notebook), options: o, workspace: workspace,
		scope: scope.New(workspace, workspace.RuntimePath(), dir), units: report.NewSources(workspace.GOROOT()), ran: map[string]*probe.Unit{}, nextUnit: 1,
		environ: environ, dir: dir, inspected: map[string]int{},
	}, nil
}

// start makes sure that a worker is there. What takes long, a minute perhaps, it does
// without the mutex: front ends ask for completions meanwhile.
func (s *Session) start(ctx context.Context) error {
	s.starting.Lock()
	defer s.starting.Unlock()
	if err := s.workspace.Restore(ctx); err != nil {
		return err
	}
	if s.isRunning() {
		return nil
	}
	if err := s.prepareBuilder(ctx); err != nil {
		return err
	}
	err := s.startProcess(ctx)
	var died *worker.Died
	if errors.As(err, &died) && ctx.Err() == nil { // killed as it started; once is bad luck
		err = s.startProcess(ctx)
	}
	return err
}

// isRunning reports whether there is a worker, and takes note of one that has ended.
func (s *Session) isRunning() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return false
	}
	select {
	case <-s.process.Exited():
		s.untold = s.process.Died()
		_ = s.stop() // it has ended already
		return false
	default:
		return true
	}
}

// prepareBuilder makes the builder, and with it the program of a worker. When a worker
// has died it is there: what was built is for one like it.
func (s *Session) prepareBuilder(ctx context.Context) error {
	s.mu.Lock()
	builder := s.builder
	s.mu.Unlock()
	if builder != nil {
		if _, err := os.Stat(builder.Exe()); err == nil {
			return nil
		}
		if exe, err := s.workspace.WorkerAgain(ctx); err != nil || exe != builder.Exe() {
			return errors.Join(fmt.Errorf("start a new Go process: %s has gone from the cache; %%reset forgets what was declared, then run the cells again", builder.Exe()), err)
		}
		return nil
	}
	if err := s.buildWorker(ctx); err != nil {
		return fmt.Errorf("build the process that runs the cells: %w", err)
	}
	builder, err := s.workspace.NewBuilder(ctx)
	if err != nil {
		return err
	}
	s.workspace.SourcesChanged(ctx) // from now on
	s.mu.Lock()
	s.builder = builder
	s.scope.Importer = scope.NewImporter() // what was read before may be of packages as they were
	s.mu.Unlock()
	return nil
}

// buildWorker sees to it that the worker's executable is there.
func (s *Session) buildWorker(ctx context.Context) error {
	s.mu.Lock()
	c := s.wantsC
	s.mu.Unlock()
	var err error
	if !s.workspace.IsLinked(c) {
		err = s.linkC(ctx, c)
	}
	if err == nil {
		_, err = s.workspace.WorkerExe(ctx)
	}
	if err != nil && len(c) > 0 && ctx.Err() == nil {
		return s.leaveC(ctx, err)
	}
	return err
}

// startProcess starts a worker that has all that was declared.
func (s *Session) startProcess(ctx context.Context) error {
	settings, err := s.workspace.WorkerEnv(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	env := append(append(os.Environ(), settings...), protocol.GONB_TMP_DIR_ENV+"="+s.workspace.ModuleDir(), protocol.GONB_JUPYTER_KERNEL_ID_ENV+"="+s.options.KernelID)
	if s.options.Comms.Attached() {
		env = append(env, comm.FrontEnd+"=1")
	}
	for name, value := range s.environ {
		env = append(env, name+"="+value)
	}
	exe, dir, objects := s.builder.Exe(), s.dir, slices.Clone(s.objects)
	s.mu.Unlock()
	process, err := worker.Start(ctx, worker.Config{
		Exe: exe, Dir: dir, Env: env, Log: s.options.Log,
		Goroutine: s.units.GoroutinePanic, Ended: s.diedIdle, Comms: s.options.Comms, Gonb: s.gonb,
	})
	if err != nil {
		return err
	}
	if err := reload(ctx, process, objects); err != nil { // a worker that lacks some of it is worse than none
		return errors.Join(err, process.Close())
	}
	s.mu.Lock()
	s.process, s.results = process, nil
	s.scope.Names.Process++
	s.mu.Unlock()
	return nil
}

// reload gives a new worker what an earlier one held of declarations: the same
// objects are loaded again in the same order, and nothing in them runs. Types
// and functions are there again; variables are zero.
func reload(ctx context.Context, process *worker.Process, objects []object) error {
	for _, o := range objects {
		if _, err := process.Run(ctx, worker.Run{ID: o.id, Path: o.Path, Packages: o.Packages, Names: o.Names, Locals: o.Locals}, discard{}); err != nil {
			var load *worker.LoadError
			if errors.As(err, &load) {
				return fmt.Errorf("give the new Go process what was declared before: %s%s", load.Reason, loadHint(load.Reason))
			}
			return fmt.Errorf("give the new Go process what was declared before: %w", err)
		}
	}
	return nil
}

// Interrupt stops the running cell, whether it is being compiled or runs; its
// values stay. While a library that does not look is at work, a second interrupt
// ends the worker.
func (s *Session) Interrupt() {
	s.cellMu.Lock()
	cell, cancel := s.cellContext, s.cancelCell
	s.cellMu.Unlock()
	if cell != nil && cell.Err() == nil {
		cancel()
		return
	}
	s.mu.Lock() // a callback, where no cell runs
	process := s.process
	s.mu.Unlock()
	if process != nil {
		process.Interrupt(false)
	}
}

// begin makes the context that the first Interrupt of a cell ends.
func (s *Session) begin(ctx context.Context) (context.Context, func()) {
	cell, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.outer = ctx
	s.mu.Unlock()
	s.cellMu.Lock()
	s.cellContext, s.cancelCell = cell, cancel
	s.cellMu.Unlock()
	return cell, func() {
		cancel()
		s.cellMu.Lock()
		s.cellContext, s.cancelCell = nil, nil
		s.cellMu.Unlock()
	}
}

// Close ends the worker and removes what the session left in the file system.
func (s *Session) Close() error {
	s.dropAhead()
	s.starting.Lock()
	defer s.starting.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	errs = append(errs, s.stop())
	if s.builder != nil {
		errs = append(errs, s.builder.Close())
	}
	if s.files != nil {
		errs = append(errs, s.files.Close())
	}
	errs = append(errs, s.workspace.Close())
	return errors.Join(errs...)
}

// stop ends the worker. The mutex is held.
func (s *Session) stop() error {
	if s.process == nil {
		return nil
	}
	err := s.process.Close()
	s.process, s.results = nil, nil
	s.variables = nil
	clear(s.inspected)
	return err
}

// normalise makes line ends Go's, and takes off the comment behind which gonb
// lets a magic hide from Go tools.
func normalise(code string) string {
	code = strings.ReplaceAll(code, "\r\n", "\n")
	const hidden = "//gonb:"
	if !strings.Contains(code, hidden) {
		return code
	}
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, hidden); ok {
			lines[i] = rest
		}
	}
	return strings.Join(lines, "\n")
}

var _ display.Output = (*discard)(nil)

// discard is the Output of code that the kernel runs for itself.
type discard struct{}

func (discard) Write(display.Stream, string) {}
func (discard) Display(display.Bundle)       {}
func (discard) Result(display.Bundle)        {}
func (discard) Clear(bool)                   {}
func (discard) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is there to answer")
}
