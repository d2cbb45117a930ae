package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"locuslab/kernel/process"
)

// Steps shows the steps of a set-up: on a terminal a bar that moves, elsewhere a
// line when a step starts, now and then while it lasts, and when it ends.
type Steps struct {
	Out   io.Writer // usually standard error
	Total int
	n     int
}

// Do runs the next step and shows its progress. The error of a failed step is
// returned as it is.
func (s *Steps) Do(title string, step func(*Step) error) error {
	s.n++
	st := &Step{title: fmt.Sprintf("%d/%d %s", s.n, s.Total, title), out: s.Out, start: time.Now()}
	st.last = st.start
	if f, ok := s.Out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		st.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(s.Out),
			progressbar.OptionSetDescription(st.title),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionFullWidth(),
		)
	} else {
		fmt.Fprintln(s.Out, st.title+" …")
	}
	err := step(st)
	if st.bar != nil {
		_ = st.bar.Finish() // only drawing can fail
	}
	switch took := time.Since(st.start).Round(100 * time.Millisecond); {
	case err != nil:
		fmt.Fprintf(s.Out, "%s: failed after %v\n", st.title, took)
	case took < time.Second:
		fmt.Fprintf(s.Out, "%s: ready\n", st.title)
	default:
		fmt.Fprintf(s.Out, "%s: ready (%v)\n", st.title, took)
	}
	return err
}

// Step is a step that is under way.
type Step struct {
	title       string
	out         io.Writer
	bar         *progressbar.ProgressBar
	start, last time.Time
	mu          sync.Mutex
	done, total int
}

// Expect says how many things the step has to do; 0 if nobody knows.
func (s *Step) Expect(total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.total = 0, total
	if s.bar != nil && total > 0 {
		s.bar.ChangeMax(total)
	}
}

// Say tells what the step does now.
func (s *Step) Say(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say(what)
}

// Advance is Say when the step begins with one more of the things it has to do.
func (s *Step) Advance(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	if s.bar != nil && (s.total == 0 || s.done < s.total) {
		_ = s.bar.Add(1)
	}
	s.say(what)
}

func (s *Step) say(what string) {
	what, _, _ = strings.Cut(what, "\n")
	if s.bar != nil {
		s.bar.Describe(fmt.Sprintf("%s: %.50s", s.title, what))
		return
	}
	if now := time.Now(); now.Sub(s.last) >= 5*time.Second {
		s.last = now
		if s.total > 0 {
			what = fmt.Sprintf("%s (%d of %d)", what, s.done, s.total)
		}
		fmt.Fprintf(s.out, "%s: %s\n", s.title, what)
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
