package lab

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Service is the LOCUS service that lessons talk to.
type Service struct {
	child      *child // nil when the service is the user's own
	url, token string
}

// StartService starts the embedded LOCUS service in a process of its own, by the
// command `service` of program exe, so that its CPU time is not the lesson's.
// When LOCUS_URL is set the user has a service, and nothing is started.
func StartService(ctx context.Context, exe string, speed float64) (*Service, error) {
	if url := os.Getenv("LOCUS_URL"); url != "" {
		return &Service{url: url, token: os.Getenv("API_TOKEN")}, nil
	}
	// The service says on standard output where it is, and ends when standard
	// input does, which is when this process has ended, however it ended.
	cmd := exec.Command(exe, "service", "--until-eof", "--speed", strconv.FormatFloat(speed, 'g', -1, 64))
	stdin, stdinWriter, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("cannot start the LOCUS service: %w", err)
	}
	defer stdin.Close()
	stdout, stdoutWriter, err := os.Pipe()
	if err != nil {
		stdinWriter.Close()
		return nil, fmt.Errorf("cannot start the LOCUS service: %w", err)
	}
	defer stdout.Close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdoutWriter, os.Stderr
	child, err := start(cmd)
	stdoutWriter.Close()
	if err != nil {
		stdinWriter.Close()
		return nil, fmt.Errorf("cannot start the LOCUS service: %w", err)
	}
	s := &Service{child: child}
	go func() {
		// Keeps the writing end open for as long as the service lives.
		<-child.done
		stdinWriter.Close()
	}()
	if err := s.readAddress(ctx, stdout); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// readAddress reads the two export lines that the command service prints once it
// answers.
func (s *Service) readAddress(ctx context.Context, stdout *os.File) error {
	stop := context.AfterFunc(ctx, func() { stdout.SetReadDeadline(time.Now()) })
	defer stop()
	lines := bufio.NewScanner(stdout)
	for (s.url == "" || s.token == "") && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		switch name {
		case "LOCUS_URL":
			s.url = value
		case "API_TOKEN":
			s.token = value
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.url == "" || s.token == "" {
		return fmt.Errorf("the LOCUS service did not start; run the command `service` alone to see why")
	}
	return nil
}

// Env are the variables by which a lesson reaches the service.
func (s *Service) Env() []string {
	return []string{"LOCUS_URL=" + s.url, "API_TOKEN=" + s.token}
}

// URL is the service's address.
func (s *Service) URL() string { return s.url }

// Token is what requests to it must carry.
func (s *Service) Token() string { return s.token }

// Embedded reports whether the service is the one started here.
func (s *Service) Embedded() bool { return s.child != nil }

// Close ends the service, if it was started here.
func (s *Service) Close() {
	if s.child != nil {
		s.child.end(2 * time.Second)
	}
}
