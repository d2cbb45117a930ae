package conformance_test

import (
	"path/filepath"
	"slices"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

// The front end of package client is a front end, not half of this kernel: it
// drives the reference kernel as well.
func TestFrontEndDrivesIpykernel(t *testing.T) {
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := client.ReadSpec(filepath.Join(env.Kernels(), "python3"))
	if err != nil {
		t.Fatal(err)
	}
	spec.Argv[0] = env.Program("python")
	k, err := client.Start(within(t, patience), spec, client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	o, err := k.Execute(within(t, patience), client.Cell{
		Code:  "print('hello', input('name? '))\n1 + 1",
		Input: func(prompt string, _ bool) string { return "world after " + prompt },
	})
	if err != nil || o.Stream("stdout") != "hello world after name? \n" || o.Result("text/plain") != "2" {
		t.Errorf("%v, %v, stdout %q", o, err, o.Stream("stdout"))
	}
	c, err := k.Complete(within(t, patience), "pri", 3)
	if err != nil || !slices.Contains(c.Matches, "print") {
		t.Errorf("%+v, %v", c, err)
	}
	running := make(chan struct{}, 1)
	// Not flushed by the cell itself: ipykernel, interrupted within print, leaves a
	// lock of its own in disorder and reports that instead of the interrupt.
	r, err := k.Start(client.Cell{Code: "print('running')\nwhile True: pass", Event: func(m wire.Message) {
		if m.Type == "stream" {
			running <- struct{}{}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-running
	if err := k.Interrupt(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if o, err := r.Wait(within(t, patience)); err != nil || o.Failure() == nil || o.Failure().Name != "KeyboardInterrupt" {
		t.Errorf("interrupted: %v, %v", o, err)
	}
	if err := k.Restart(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if o, err := k.Run(within(t, patience), "6 * 7"); err != nil || o.Result("text/plain") != "42" {
		t.Errorf("after the restart: %v, %v", o, err)
	}
}
