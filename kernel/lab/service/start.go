package service

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
	"time"

	"locuslab/kernel/process"
)

// Service is a service that runs, or one of the user's own.
type Service struct {
	config Config
	child  *process.Child // nil when the service is the user's own
	stdin  *os.File       // the end that this process holds
	values map[string]string
}

// Start starts a service and returns once it is ready. runner, which may be empty, is
// a program with arguments that runs the command given after them: it ends what a
// command leaves behind.
func Start(ctx context.Context, c Config, runner ...string) (*Service, error) {
	s := &Service{config: c, values: map[string]string{}}
	if os.Getenv(c.Provides[0]) != "" {
		for _, name := range c.Provides {
			s.values[name] = os.Getenv(name)
		}
		return s, nil
	}
	if err := s.start(ctx, runner); err != nil {
		return nil, fmt.Errorf("cannot start the %s: %w", c.Name, err)
	}
	return s, nil
}

func (s *Service) start(ctx context.Context, runner []string) error {
	for _, name := range s.config.Provides[1:] {
		if os.Getenv(name) != "" {
			fmt.Fprintf(os.Stderr, "%s is set and %s is not: starting the %s with values of its own for both; to use another one set both\n", name, s.config.Provides[0], s.config.Name)
		}
	}
	if _, err := exec.LookPath(s.config.Command[0]); err != nil && !strings.ContainsRune(s.config.Command[0], os.PathSeparator) {
		return err // rather than what the runner says
	}
	argv := slices.Concat(runner, s.config.Command)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = s.config.Dir
	stdin, stdinWriter, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()
	s.stdin = stdinWriter
	stdout, stdoutWriter, err := os.Pipe()
	if err != nil {
		stdinWriter.Close()
		return err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdoutWriter, os.Stderr
	s.child, err = process.Start(cmd)
	stdoutWriter.Close()
	if err != nil {
		stdinWriter.Close()
		stdout.Close()
		return err
	}
	err = s.await(ctx, stdout)
	if err == nil {
		// What else it prints must not stop it.
		go func() {
			_, _ = io.Copy(io.Discard, stdout)
			stdout.Close()
		}()
		return nil
	}
	stdout.Close()
	s.Close()
	return err
}

// await reads the variables that the service prints once it is ready.
func (s *Service) await(ctx context.Context, stdout *os.File) error {
	stop := context.AfterFunc(ctx, func() { stdout.SetReadDeadline(time.Now()) })
	defer stop()
	lines := bufio.NewScanner(stdout)
	for len(s.values) < len(s.config.Provides) && lines.Scan() {
		line, found := strings.CutPrefix(lines.Text(), "export ")
		name, value, has := strings.Cut(line, "=")
		if found && has && slices.Contains(s.config.Provides, name) {
			s.values[name] = value
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var missing []string
	for _, name := range s.config.Provides {
		if _, ok := s.values[name]; !ok {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) == 0:
		return nil
	case lines.Err() != nil && !errors.Is(lines.Err(), os.ErrClosed):
		return fmt.Errorf("read what it prints: %w", lines.Err())
	}
	ended := "it closed its standard output"
	select {
	case <-s.child.Done():
		ended = "it ended"
		if err := s.child.Err(); err != nil {
			ended += fmt.Sprintf(" (%v)", err)
		}
	case <-time.After(time.Second): // the end of the output comes just before its own
	}
	return fmt.Errorf("%s without printing a line `export %s=…`; to see why, run it alone: (cd %s && %s)", ended, missing[0], s.config.Dir, strings.Join(s.config.Command, " "))
}

// Env are the variables that the service provides.
func (s *Service) Env() []string {
	var env []string
	for _, name := range s.config.Provides {
		env = append(env, name+"="+s.values[name])
	}
	return env
}

// Where is the name of the service and the value of its first variable.
func (s *Service) Where() string { return s.config.Name + ": " + s.values[s.config.Provides[0]] }

// Value returns a variable that the service provides.
func (s *Service) Value(name string) string { return s.values[name] }

// Started reports whether the service is one that was started here.
func (s *Service) Started() bool { return s.child != nil }

// Close ends the service, if it was started here.
func (s *Service) Close() {
	if s.child == nil {
		return
	}
	s.stdin.Close()
	select {
	case <-s.child.Done():
	case <-time.After(2 * time.Second):
	}
	s.child.End(2 * time.Second)
}
