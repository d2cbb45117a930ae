package build

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"

	"locuslab/kernel/display"
	"locuslab/kernel/leftovers"
	"locuslab/kernel/worker"
)

// selfTestSource are two units that fail where a fast link goes wrong: types,
// variables and goroutines shared between cells, local types of one name, and
// the garbage collector's view of all that.
//
//go:embed selftest/*.go.txt
var selfTestSource embed.FS

const selfTestUnits = 2

// selfTest tries the stub link in a worker of its own, once for each worker that
// is built, in about a third of a second. It returns why the stub link must not
// be used, nothing when it may.
func (w *Workspace) selfTest(ctx context.Context, image *workerImage) (why string, err error) {
	verdict := image.Exe + ".verdict"
	if text, err := os.ReadFile(verdict); err == nil {
		return string(text), nil
	}
	failure := w.trySelfTest(ctx, image)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if failure != nil {
		why = failure.Error()
	}
	if err := writeFile(verdict, []byte(why)); err != nil {
		return "", fmt.Errorf("keep the result of the self-test: %w", err)
	}
	return why, nil
}

func (w *Workspace) trySelfTest(ctx context.Context, image *workerImage) error {
	dir, err := leftovers.MkdirTemp("", "selftest")
	if err != nil {
		return err
	}
	b := &linkBuilder{w: w, mode: Stub, image: image, dir: dir, linkedIn: map[string]bool{}}
	defer b.Close()
	if err := b.prepareFast(ctx); err != nil {
		return err
	}
	env := append(os.Environ(), "GOGC=10", "GODEBUG=clobberfree=1")
	p, err := worker.Start(ctx, worker.Config{Exe: image.Exe, Dir: dir, Env: env})
	if err != nil {
		return err
	}
	defer p.Close()
	for id := 1; id <= selfTestUnits; id++ {
		source, err := selfTestSource.ReadFile(fmt.Sprintf("selftest/%d.go.txt", id))
		if err != nil {
			return err
		}
		o, err := b.Build(ctx, Unit{ID: id, Source: source, Imports: []string{"fmt", "runtime"}})
		if err != nil {
			return err
		}
		if _, err := p.Run(ctx, worker.Run{ID: id, Path: o.Path}, silent{}); err != nil {
			return err
		}
		outcome, err := p.Run(ctx, worker.Run{ID: id, Entry: fmt.Sprintf("%s.Cell_%d", packagePath, id)}, silent{})
		if err != nil {
			return err
		}
		if outcome.Panic != nil {
			return errors.New(outcome.Panic.Value)
		}
		if err := b.Loaded(o); err != nil {
			return err
		}
	}
	return nil
}

// silent is the Output of units that show nothing.
type silent struct{}

func (silent) Write(display.Stream, string) {}
func (silent) Display(display.Bundle)       {}
func (silent) Result(display.Bundle)        {}
func (silent) Clear(bool)                   {}
func (silent) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is there to answer")
}
