package reproduce

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

//go:embed tutorial.py
var tutorialScript string

// Packages are what the tutorial's way needs of Python, pinned.
var Packages = []string{"requests==2.34.2", "pandas==2.3.3"}

// said is a line of the script.
type said struct {
	Sequential *float64 `json:"sequential"` // seconds
	Parallel   *float64 `json:"parallel"`
	Result     result   `json:"result"`
}

// measurePython runs the tutorial's own code in a Python process, which ends with ctx
// and with this process.
func measurePython(ctx context.Context, o Options) ([]outcome, error) {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(running, o.Python, "-c", tutorialScript, strconv.Itoa(o.Workers), strconv.Itoa(repeats))
	cmd.Env = append(os.Environ(), "LOCUS_URL="+o.URL, "API_TOKEN="+o.Token)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	stdin, err := cmd.StdinPipe() // never written to: it ends when this process does
	if err != nil {
		return nil, fmt.Errorf("start Python: %w", err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start Python: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start Python: %w", err)
	}
	outcomes, err := readOutcomes(stdout, o)
	if err != nil {
		cancel() // or it would wait for a reader
	}
	_, _ = io.Copy(io.Discard, stdout)
	ended := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil && ended == nil:
		return outcomes, nil
	case err == nil || errors.Is(err, io.EOF):
		lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
		return nil, fmt.Errorf("the tutorial in Python broke off after %d of %d steps (%v): %s", len(outcomes), len(tutorial), cmd.ProcessState, lines[len(lines)-1])
	}
	return nil, fmt.Errorf("the tutorial in Python: after %d of %d steps: %w", len(outcomes), len(tutorial), err)
}

// readOutcomes reads what the script says, in step with Options.Step.
func readOutcomes(r io.Reader, o Options) ([]outcome, error) {
	lines := bufio.NewScanner(r)
	next := func() (said, error) {
		var s said
		if !lines.Scan() {
			if err := lines.Err(); err != nil {
				return s, err
			}
			return s, io.EOF
		}
		return s, json.Unmarshal(lines.Bytes(), &s)
	}
	var outcomes []outcome
	for _, s := range tutorial {
		err := o.Step("Python: "+s.name, func() error {
			if _, err := next(); err != nil { // that it is begun
				return err
			}
			done, err := next()
			if err != nil {
				return err
			}
			outcomes = append(outcomes, outcome{seconds(done.Sequential), seconds(done.Parallel), done.Result})
			return nil
		})
		if err != nil {
			return outcomes, err
		}
	}
	return outcomes, nil
}

func seconds(s *float64) time.Duration {
	if s == nil {
		return 0
	}
	return time.Duration(*s * float64(time.Second))
}
