// Package host is the program that the loader's tests load cells into. It takes
// commands from standard input and answers on file descriptor 3.
package host

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"locuslab/kernel/worker/loader"
)

// A Command is what a test asks for.
type Command struct {
	Start *loader.Executable // first
	Load  []loader.Request   // at the same time, if several
	Run   []string           // functions to run behind them, of each
	// Background does not wait for the end of what runs.
	Background bool
	Collect    int // garbage collections
}

// A Reply is what became of a command.
type Reply struct {
	Error     string
	Missing   []string // packages
	LoadTime  time.Duration
	LoadCPU   time.Duration
	RunTime   time.Duration
	Collect   time.Duration // of one collection
	RSS       int           // KB
	Goroutine int
}

// Main serves commands until standard input ends.
func Main() {
	debug.SetTraceback("all")
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.NewFile(3, "replies"))
	var l *loader.Loader
	for {
		var c Command
		if err := in.Decode(&c); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		var r Reply
		switch {
		case c.Start != nil:
			start := time.Now()
			var err error
			if l, err = loader.New(*c.Start); err != nil {
				r.Error = err.Error()
			}
			r.LoadTime = time.Since(start)
		case c.Collect > 0:
			start := time.Now()
			for range c.Collect {
				runtime.GC()
			}
			r.Collect = time.Since(start) / time.Duration(c.Collect)
		default:
			r = loadAll(l, c)
		}
		r.RSS, r.Goroutine = rss(), runtime.NumGoroutine()
		if err := out.Encode(r); err != nil {
			panic(err)
		}
	}
}

func loadAll(l *loader.Loader, c Command) (r Reply) {
	if c.Background {
		loaded := make(chan Reply)
		go func() {
			u, err := l.Load(context.Background(), c.Load[0])
			loaded <- Reply{Error: fmt.Sprint(err)}
			if err == nil {
				_ = u.Init()
			}
		}()
		return <-loaded
	}
	if len(c.Load) == 1 { // in the main goroutine, as a program's own main
		return load(l, c.Load[0], strings.Join(c.Run, ""))
	}
	replies := make([]Reply, len(c.Load))
	var wg sync.WaitGroup
	for i, q := range c.Load {
		run := ""
		if i < len(c.Run) {
			run = c.Run[i]
		}
		wg.Go(func() { replies[i] = load(l, q, run) })
	}
	wg.Wait()
	for _, one := range replies {
		if one.Error != "" {
			r.Error += one.Error + "\n"
		}
		r.Missing = append(r.Missing, one.Missing...)
		r.LoadTime += one.LoadTime
		r.RunTime += one.RunTime
	}
	return r
}

func load(l *loader.Loader, q loader.Request, run string) (r Reply) {
	start, before := time.Now(), processorTime()
	u, err := l.Load(context.Background(), q)
	r.LoadTime, r.LoadCPU = time.Since(start), processorTime()-before
	if err != nil {
		r.Error = err.Error()
		if m, ok := err.(*loader.MissingError); ok {
			r.Missing = m.Packages
		}
		return r
	}
	defer func() {
		if v := recover(); v != nil {
			r.Error = fmt.Sprintf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	if err := u.Init(); err != nil {
		r.Error = err.Error()
		return r
	}
	if run == "" {
		return r
	}
	f, ok := u.Func(run)
	if !ok {
		r.Error = "the cell has no function " + run
		return r
	}
	start = time.Now()
	f()
	r.RunTime = time.Since(start)
	return r
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func rss() (kb int) {
	b, _ := os.ReadFile("/proc/self/status")
	_, s, _ := strings.Cut(string(b), "VmRSS:")
	fmt.Sscan(s, &kb)
	return kb
}
