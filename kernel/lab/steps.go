package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"locuslab/kernel/process"
)

// Steps shows the steps of a set-up, of which several may be under way at a time: on a
// terminal a line for each that changes in its place, elsewhere a line when a step
// starts, now and then while it lasts, and when it ends.
type Steps struct {
	Out   io.Writer // usually standard error
	Total int
	// Changed, if there is one, is told what is under way whenever that changes, a line
	// for each step.
	Changed func(underWay []string)

	mu     sync.Mutex
	begun  int
	active []*Step
	drawn  int // lines on the terminal that are drawn anew
}

// Step is a step that is under way.
type Step struct {
	steps       *Steps
	name, title string
	start, last time.Time
	item        string // the thing that Advance began with
	doing       string // what Say told since
	done, total int
	ended       bool
}

// Do runs a step and shows its progress. The error of a failed step is returned as it
// is.
func (s *Steps) Do(name string, step func(*Step) error) error {
	return s.Begin(name).Do(step)
}

// Begin shows that the next step has begun.
func (s *Steps) Begin(name string) *Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun++
	now := time.Now()
	st := &Step{steps: s, name: name, title: fmt.Sprintf("%d/%d %s", s.begun, s.Total, name), start: now, last: now}
	s.active = append(s.active, st)
	if s.terminal() == nil {
		fmt.Fprintln(s.Out, st.title+" …")
	}
	s.draw()
	s.tell()
	return st
}

// Do runs the step that has begun and shows its end.
func (st *Step) Do(step func(*Step) error) error {
	err := step(st)
	s := st.steps
	s.mu.Lock()
	defer s.mu.Unlock()
	st.ended = true
	s.active = slices.DeleteFunc(s.active, func(other *Step) bool { return other == st })
	s.erase()
	switch took := time.Since(st.start).Round(100 * time.Millisecond); {
	case err != nil:
		fmt.Fprintf(s.Out, "%s: failed after %v\n", st.title, took)
	case took < time.Second:
		fmt.Fprintf(s.Out, "%s: ready\n", st.title)
	default:
		fmt.Fprintf(s.Out, "%s: ready (%v)\n", st.title, took)
	}
	s.draw()
	s.tell()
	return err
}

// Above prints what do prints above the lines of the steps under way.
func (s *Steps) Above(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	do()
	s.draw()
}

// terminal is the terminal that is written to, or nil.
func (s *Steps) terminal() *os.File {
	if f, ok := s.Out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// erase takes the lines of the steps from the terminal.
func (s *Steps) erase() {
	if s.drawn > 0 {
		fmt.Fprintf(s.Out, "\x1b[%dA\x1b[J", s.drawn) // up, and clear to the end
		s.drawn = 0
	}
}

// draw draws a line for each step under way.
func (s *Steps) draw() {
	f := s.terminal()
	if f == nil {
		return
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 80
	}
	s.erase()
	for _, st := range s.active {
		line := []rune(fmt.Sprintf("%s  %v  %s", st.title, time.Since(st.start).Round(time.Second), st.now()))
		fmt.Fprintln(s.Out, strings.TrimRight(string(line[:min(len(line), width-1)]), " "))
	}
	s.drawn = len(s.active)
}

func (s *Steps) tell() {
	if s.Changed == nil {
		return
	}
	var lines []string
	for _, st := range s.active {
		lines = append(lines, strings.TrimSuffix(st.name+": "+st.now(), ": "))
	}
	s.Changed(lines)
}

// now is what the step does and how far it is.
func (st *Step) now() string {
	parts := []string{st.item, st.doing}
	if st.total > 0 && st.done > 0 {
		parts[0] = fmt.Sprintf("%s (%d of %d)", st.item, st.done, st.total)
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ": ")
}

// Expect says how many things the step has to do; 0 if nobody knows.
func (st *Step) Expect(total int) {
	st.steps.mu.Lock()
	defer st.steps.mu.Unlock()
	st.done, st.total = 0, total
	st.item, st.doing = "", ""
}

// Say tells what the step does now, or does with the thing that Advance named last.
func (st *Step) Say(what string) {
	st.change(func() { st.doing, _, _ = strings.Cut(what, "\n") })
}

// Advance tells that the step begins with one more of the things it has to do.
func (st *Step) Advance(item string) {
	st.change(func() {
		st.done++
		st.item, _, _ = strings.Cut(item, "\n")
		st.doing = ""
	})
}

// change changes what the step shows. What a step tells when it has ended is dropped: its
// line would stand below its "ready".
func (st *Step) change(what func()) {
	s := st.steps
	s.mu.Lock()
	defer s.mu.Unlock()
	if st.ended {
		return
	}
	what()
	now := time.Now()
	if s.terminal() != nil {
		if now.Sub(st.last) >= 100*time.Millisecond { // no eye sees more
			st.last = now
			s.draw()
			s.tell()
		}
		return
	}
	if now.Sub(st.last) >= 5*time.Second {
		st.last = now
		fmt.Fprintf(s.Out, "%s: %s\n", st.title, st.now())
		s.tell()
	}
}

// run runs a program to its end and hands each line that it prints to line. An
// error holds the last lines.
func (s *Step) run(ctx context.Context, cmd *exec.Cmd, line func(string)) error {
	pr, pw := io.Pipe()
	cmd.Stdout, cmd.Stderr = pw, pw
	var tail []string
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(pr)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			text := strings.TrimSpace(lines.Text())
			if text == "" {
				continue
			}
			tail = append(tail, text)
			if len(tail) > 12 {
				tail = tail[1:]
			}
			line(text)
		}
		_, _ = io.Copy(io.Discard, pr) // a line too long must not block the program
	}()
	child, err := process.Start(cmd)
	if err == nil {
		err = child.WaitOrEnd(ctx)
	}
	pw.Close()
	<-read
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: %w\n  %s", cmd, err, strings.Join(tail, "\n  "))
	}
	return err
}
