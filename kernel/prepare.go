package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"locuslab/kernel/lab"
	"locuslab/kernel/lab/service"
	"locuslab/kernel/process"
)

// preparation makes all that lab starts for the notebooks of a folder, or finds it in
// the cache. JupyterLab is opened as soon as it can be; what the first cells need, and
// then stock gonb, is made beside that and after it.
type preparation struct {
	cache, root  string
	folder, open string // of the notebooks, and the one that is opened first, or ""
	gonb         bool

	steps    *lab.Steps
	exe      string
	env      lab.Environment
	services service.Group
	// status is a file that tells what is still being made, while something is.
	status string

	cancel context.CancelFunc
	made   <-chan struct{} // closed when the rest is made
	rest   error           // what of that failed, once made is closed
}

// prepare returns when JupyterLab can be started. The caller closes what it returns.
func prepare(ctx context.Context, p preparation) (*preparation, error) {
	python, err := lab.FindPython(ctx)
	if err != nil {
		return nil, err
	}
	if p.exe, err = lab.StableExecutable(p.cache); err != nil {
		return nil, err
	}
	status, err := os.CreateTemp("", "locuslab-preparing-*")
	if err != nil {
		return nil, fmt.Errorf("cannot tell what is being made: %w", err)
	}
	status.Close()
	p.status = status.Name()
	p.steps = &lab.Steps{Out: os.Stderr, Total: 4, Changed: p.tell}
	if p.gonb {
		p.steps.Total++
	}
	ctx, p.cancel = context.WithCancel(ctx)

	jupyter, services, worker := p.steps.Begin("JupyterLab"), p.steps.Begin("services of the notebooks"), p.steps.Begin("program that runs the cells")
	environment := make(chan struct{}) // closed when p.env is there, or will not be
	p.made = process.Background(func() { p.rest = p.makeRest(ctx, worker, environment) })
	var started sync.WaitGroup
	var failed error
	started.Go(func() {
		failed = services.Do(func(*lab.Step) (err error) {
			p.services, err = service.StartAll(ctx, p.folder, p.exe, superviseCommand)
			return err
		})
	})
	made := jupyter.Do(func(s *lab.Step) (err error) {
		if p.env, err = lab.OpenEnvironment(ctx, p.cache, python, s); err != nil {
			return err
		}
		_, err = lab.Register(p.env.Kernels(), "locuslab", lab.Locuslab(p.exe))
		return err
	})
	if made != nil {
		p.cancel()
	}
	close(environment)
	started.Wait()
	if err := errors.Join(made, failed); err != nil {
		p.close()
		if made != nil {
			return nil, made // what failed with it was cancelled
		}
		return nil, failed
	}
	return &p, nil
}

// makeRest makes what JupyterLab can be opened without, what is needed first first.
func (p *preparation) makeRest(ctx context.Context, worker *lab.Step, environment <-chan struct{}) error {
	var pre *prebuilder
	err := worker.Do(func(s *lab.Step) (err error) {
		if pre, err = openPrebuilder(ctx, p.cache, p.folder, s); err != nil {
			return err
		}
		return pre.worker(ctx)
	})
	if err == nil {
		err = p.steps.Do("packages of the notebooks", func(s *lab.Step) error {
			return pre.packages(ctx, p.open, s)
		})
	}
	if p.gonb && ctx.Err() == nil {
		err = errors.Join(err, p.steps.Do("kernel gonb", func(s *lab.Step) error {
			<-environment
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return registerGonb(ctx, p.exe, p.cache, p.root, p.env.Kernels(), s)
		}))
	}
	if err != nil && ctx.Err() == nil {
		p.steps.Above(func() { fmt.Fprintln(os.Stderr, "locuslab:", err) })
	}
	return err
}

// wait waits until everything is made.
func (p *preparation) wait() error {
	<-p.made
	if p.rest != nil && !errors.Is(p.rest, context.Canceled) {
		return exitStatus(1) // told already
	}
	return p.rest
}

// close ends what is under way and the services.
func (p *preparation) close() {
	p.cancel()
	<-p.made
	p.services.Close()
	_ = os.Remove(p.status) // a temporary file
}

// preparingVariable names the environment variable by which a kernel finds the status
// file of the lab that it runs in.
const preparingVariable = "LOCUSLAB_PREPARING"

// tell keeps the status file; whoever reads half of it sees the next.
func (p *preparation) tell(underWay []string) {
	text := strings.Join(underWay, "\n")
	_ = os.WriteFile(p.status, []byte(text), 0o600) // only comfort depends on it
}

// stillPreparing is what the lab that this kernel runs in is still making, a line for
// the user, or "".
func stillPreparing() string {
	file := os.Getenv(preparingVariable)
	if file == "" {
		return ""
	}
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil || len(text) == 0 {
		return ""
	}
	return "still being prepared: " + strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "; ")
}
