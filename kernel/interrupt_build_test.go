package main_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

// TestInterruptEndsTheBuildOfAWorker interrupts the first cell of a module while
// its worker is compiled and linked: that ends, and the next cell begins it again.
func TestInterruptEndsTheBuildOfAWorker(t *testing.T) {
	k, err := client.Start(t.Context(), kerneltest.FreshSpec(t), client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	var once sync.Once
	var interrupted sync.WaitGroup
	ready := false
	o, err := k.Execute(t.Context(), client.Cell{Code: "x := 1", Event: func(m wire.Message) {
		var content json.RawMessage // of the display that tells of it
		if m.Decode(&content) != nil {
			return
		}
		if strings.Contains(string(content), "the process that runs cells is ready") {
			ready = true
		}
		if strings.Contains(string(content), "building the process") {
			once.Do(func() { interrupted.Go(func() { _ = k.Interrupt(t.Context()) }) })
		}
	}})
	interrupted.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if f := o.Failure(); f == nil || f.Name != "Interrupted" || ready {
		t.Errorf("%s: %+v; the worker was built to its end: %v", o.Status, f, ready)
	}
	if o, err = k.Run(t.Context(), "21 * 2"); err != nil || o.Result("text/plain") != "42" {
		t.Errorf("%v, %+v", err, o)
	}
}
