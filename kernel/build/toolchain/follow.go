package toolchain

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// Again begins a line of progress that takes the place of the one before, if that has begun so
// as well.
const Again = "\r"

// tellEvery is how often the package that is being compiled is told at the most: a front end
// draws each.
const tellEvery = 100 * time.Millisecond

// A follower makes lines of progress of what the go command says while it works: which
// modules it looks for, and, under -v, which packages it compiles.
type follower struct {
	tell func(string)
	// list returns the packages that are wanted and all that they import, each behind what
	// it imports itself, which is the order in which they are compiled.
	list func() []string

	listing sync.WaitGroup
	mu      sync.Mutex
	began   bool
	all     []string // that list has returned
	current string   // the package that is compiled
	place   int      // in all, of the furthest that was
	told    time.Time
}

// take reports whether a line is progress.
func (f *follower) take(line string) bool {
	if rest, ok := strings.CutPrefix(line, "go: "); ok {
		for _, begin := range []string{"downloading ", "finding ", "added ", "upgraded "} {
			if strings.HasPrefix(rest, begin) {
				f.tell(rest)
				return true
			}
		}
		return false
	}
	if line == "" || strings.ContainsAny(line, " \t:#") { // no import path
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.current = line
	if !f.began { // what need not be compiled need not be counted either
		f.began = true
		f.listing.Go(func() {
			all := f.list()
			f.mu.Lock()
			defer f.mu.Unlock()
			f.all, f.told = all, time.Time{}
			f.say()
		})
	}
	f.say()
	return true
}

// say tells how far it is. The mutex is held.
func (f *follower) say() {
	f.place = max(f.place, slices.Index(f.all, f.current)+1)
	if time.Since(f.told) < tellEvery {
		return
	}
	f.told = time.Now()
	if f.place == 0 {
		f.tell(Again + "compiling " + f.current)
		return
	}
	f.tell(fmt.Sprintf("%s%d of %d packages: compiling %s", Again, f.place, len(f.all), f.current))
}

// Follow runs a go command that builds packages, with -v, tells what it is at, and returns
// what else it says on standard error.
func Follow(ctx context.Context, cmd *exec.Cmd, tell func(string), packages []string) (said string, err error) {
	pipe, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &follower{tell: tell, list: func() []string {
		list := Command(ctx, cmd.Dir, cmd.Env, "go", append([]string{"list", "-deps", "-e", "-f", "{{.ImportPath}}", "--"}, packages...)...)
		out, err := list.Output()
		if err != nil {
			return nil // then it is not told how far it is
		}
		return strings.Fields(string(out))
	}}
	defer f.listing.Wait()
	defer cancel()
	var rest strings.Builder
	for lines := bufio.NewReader(pipe); ; {
		line, err := lines.ReadString('\n')
		if line != "" && !f.take(strings.TrimSuffix(line, "\n")) {
			rest.WriteString(line)
		}
		if err != nil { // the end
			break
		}
	}
	return rest.String(), cmd.Wait()
}
