package spark

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Local starts a Spark server on this machine, with so many worker processes, or with 0 of them all cores in one process, and connects
// to it. It runs `go run locuslab/locuskit/locus spark`, for which Java 17 or newer has to be there; the first time that downloads
// Spark. [Cluster.Close] ends the server, and so does the end of this program.
func Local(ctx context.Context, workers int, opts ...Option) (*Cluster, error) {
	cmd := exec.Command("go", "run", "locuslab/locuskit/locus", "spark", "--until-eof", "--workers", strconv.Itoa(workers))
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe() // it ends with this program, and the server with it
	if err != nil {
		return nil, fmt.Errorf("start a Spark server: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a Spark server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a Spark server: %w", err)
	}
	s := &localServer{cmd: cmd, in: in}
	stop := context.AfterFunc(ctx, func() { in.Close() })
	defer stop()
	address, err := addressIn(out)
	if err != nil {
		s.end()
		switch {
		case ctx.Err() != nil:
			err = ctx.Err()
		case said.Len() > 0:
			err = errors.New(lastLines(said.String()))
		}
		return nil, fmt.Errorf("start a Spark server: %w", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // until it ends
	c, err := Connect(ctx, address, opts...)
	if err != nil {
		s.end()
		return nil, err
	}
	c.server = s
	return c, nil
}

// localServer is a server that this program started.
type localServer struct {
	cmd *exec.Cmd
	in  io.Closer
}

// end ends it and waits until it is gone.
func (s *localServer) end() {
	s.in.Close()
	kill := time.AfterFunc(20*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	_ = s.cmd.Wait() // that it was made to end is no failure
}

// addressIn reads the line with which a server says where it is.
func addressIn(out io.Reader) (string, error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "export "+RemoteVariable+"="); ok {
			return strings.Trim(value, "'"), nil
		}
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	return "", errors.New("the command ended without a word")
}

// lastLines are the lines of a command that say why it failed.
func lastLines(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, "locus: "); ok {
			return strings.Join(append([]string{rest}, lines[i+1:]...), "\n")
		}
	}
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
