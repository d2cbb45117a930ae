package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// childArgument makes this program do one task, given as JSON.
const childArgument = "-child"

type task struct {
	Service *serviceTask
	Fetch   *fetchTask
}

type serviceTask struct {
	Speed       float64
	Whitelabels int // 0: the tutorial's
	Latency     string
}

func child(text string) error {
	var t task
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	if t.Service != nil {
		return t.Service.serve()
	}
	m, err := t.Fetch.measure()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

// serve runs the service until standard input ends, which it does with the parent.
func (s *serviceTask) serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	opts := []locustest.Option{locustest.Speed(s.Speed)}
	if s.Whitelabels > 0 {
		opts = append(opts, locustest.Whitelabels(s.Whitelabels))
	}
	if s.Latency != "" {
		o, err := locustest.ParseLatency(s.Latency)
		if err != nil {
			return err
		}
		opts = append(opts, o)
	}
	return locustest.ListenAndServe(ctx, "127.0.0.1:0", opts, func(url, token string) { fmt.Println(url, token) })
}

// service is a running child.
type service struct {
	cmd        *exec.Cmd
	stdin      io.Closer
	url, token string
}

func self(ctx context.Context, t task) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, exe, childArgument, string(text))
	cmd.Stderr = os.Stderr
	return cmd, nil
}

func startService(ctx context.Context, t serviceTask) (*service, error) {
	cmd, err := self(ctx, task{Service: &t})
	if err != nil {
		return nil, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &service{cmd: cmd, stdin: stdin}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		s.close()
		return nil, fmt.Errorf("the service did not start: %w", err)
	}
	s.url, s.token, _ = strings.Cut(strings.TrimSpace(line), " ")
	return s, nil
}

func (s *service) close() {
	s.stdin.Close()
	_ = s.cmd.Wait() // it has nothing more to say
}

// cpu returns the CPU time that the service has used so far, in seconds.
func (s *service) cpu() (float64, error) { return cpuOf(s.cmd.Process.Pid) }

// fetch measures a fetch from the service in a process of its own.
func (s *service) fetch(ctx context.Context, t fetchTask) (measurement, error) {
	cmd, err := self(ctx, task{Fetch: &t})
	if err != nil {
		return measurement{}, err
	}
	return s.run(cmd)
}

// run runs a program that fetches and prints its measurement.
func (s *service) run(cmd *exec.Cmd) (m measurement, err error) {
	cmd.Env = append(os.Environ(), "LOCUS_URL="+s.url, "API_TOKEN="+s.token)
	before, err := s.cpu()
	if err != nil {
		return m, err
	}
	out, err := cmd.Output()
	if err != nil {
		var exited *exec.ExitError
		if errors.As(err, &exited) {
			err = fmt.Errorf("%w: %s", err, exited.Stderr)
		}
		return m, err
	}
	if err := json.Unmarshal(out, &m); err != nil {
		return m, fmt.Errorf("%q: %w", out, err)
	}
	after, err := s.cpu()
	m.ServiceCPU = after - before
	return m, err
}

// measurement is what one fetch cost; times are in seconds.
type measurement struct {
	Wall, CPU  float64 // of the fetch, without the program's start
	PeakMB     float64 // of the process, from its start
	Requests   int
	Rows       int
	ServiceCPU float64 `json:"-"`

	// Ours alone.
	Latencies   float64 // sum over the requests
	Longest     float64
	LiveMB      float64 // of the heap after a collection, the most that was seen on the way
	Goroutines  int     // more than before
	Descriptors int
}

// fetchTask is all whitelabels' connections.
type fetchTask struct {
	Workers int
	Iterate bool // with the iterator, keeping nothing
}

func (t *fetchTask) measure() (m measurement, err error) {
	ctx := context.Background()
	goroutines, descriptors := left()
	c, err := locuskit.New(locuskit.WithProgress(nil))
	if err != nil {
		return m, err
	}
	whitelabels, err := c.Whitelabels(ctx)
	if err != nil {
		return m, err
	}
	cpu, start := cpuSoFar(), time.Now()
	switch {
	case t.Iterate:
		var live liveHeap
		n := 0
		for got, err := range c.ConnectionsAsCompleted(ctx, whitelabels, locuskit.Workers(t.Workers)) {
			if err != nil {
				return m, err
			}
			m.Rows += len(got.Connections)
			if n++; n%(len(whitelabels)/20+1) == 0 {
				live.look()
			}
		}
		m.LiveMB = live.most
	case t.Workers == 1:
		list, err := c.Connections(ctx, whitelabels)
		if err != nil {
			return m, err
		}
		m.Rows = len(list)
	default:
		list, err := c.ConnectionsParallel(ctx, whitelabels, locuskit.Workers(t.Workers))
		if err != nil {
			return m, err
		}
		m.Rows = len(list)
	}
	m.Wall, m.CPU = time.Since(start).Seconds(), cpuSoFar()-cpu
	m.Requests = len(whitelabels)
	for _, s := range c.Timeline()[1:] {
		m.Latencies += s.Took.Seconds()
		m.Longest = max(m.Longest, s.Took.Seconds())
	}
	c.Close()
	afterGoroutines, afterDescriptors := left()
	m.Goroutines, m.Descriptors = afterGoroutines-goroutines, afterDescriptors-descriptors
	m.PeakMB, err = peakMB()
	return m, err
}
