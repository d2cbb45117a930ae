package kerneltest

import (
	"context"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/display"
	"locuslab/kernel/jupyter/client"
)

// cellsLimit bounds cells that are sent together; the first one builds the worker.
const cellsLimit = 5 * time.Minute

// SendTogether sends cells at once, as "Run All" does, and returns what each came to.
func SendTogether(t *testing.T, k *client.Kernel, goOn bool, cells ...string) []*client.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), cellsLimit)
	defer cancel()
	var running []*client.Running
	for _, code := range cells {
		r, err := k.Start(client.Cell{Code: code, GoOn: goOn})
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, r)
	}
	var outcomes []*client.Outcome
	for i, r := range running {
		o, err := r.Wait(ctx)
		if err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes
}

// FailureText is all that the user sees of a failure.
func FailureText(o *client.Outcome) string {
	f := o.Failure()
	if f == nil {
		return "(no error message)"
	}
	return display.Plain(f.Name + ": " + f.Value + "\n" + strings.Join(f.Traceback, "\n"))
}
