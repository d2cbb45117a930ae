package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

// %load asks the front end to put a file's text into the cell, which then is not run again by
// what it says at its head.
func TestLoadReplacesTheCell(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "set up.go"), []byte("x := \"é\"\nx\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	o, err := k.Run(t.Context(), `%load "set up.go"`)
	if err != nil || o.Status != "ok" {
		t.Fatalf("%s: %v", kerneltest.FailureText(o), err)
	}
	var payload []struct {
		Source, Text string
		Replace      bool
	}
	if err := json.Unmarshal(o.Payload, &payload); err != nil {
		t.Fatal(err)
	}
	const want = "// %load \"set up.go\"\nx := \"é\"\nx\n"
	if len(payload) != 1 || payload[0].Source != "set_next_input" || payload[0].Text != want || !payload[0].Replace {
		t.Fatalf("payload %s", o.Payload)
	}
	if o, err = k.Run(t.Context(), payload[0].Text); err != nil || o.Status != "ok" {
		t.Errorf("the loaded cell: %s: %v", kerneltest.FailureText(o), err)
	}
	for cell, says := range map[string]string{"%load absent.go": "cannot load absent.go: no such file", "%load": "%load wants a file"} {
		if o, err = k.Run(t.Context(), cell); err != nil || o.Status != "error" || !strings.Contains(kerneltest.FailureText(o), says) {
			t.Errorf("%s: %s, %v", cell, kerneltest.FailureText(o), err)
		}
	}
}
