package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets this program be its own child, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == childArgument {
		exit(child(os.Args[2]))
	}
	os.Exit(m.Run())
}

func TestManyLeavesNothing(t *testing.T) {
	var report bytes.Buffer
	b := bench{log: io.Discard, report: &report, whitelabels: 300}
	if err := b.run(t.Context(), []string{"many"}); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(report.String()) {
		if fields := strings.Split(line, " | "); len(fields) == 9 && strings.HasSuffix(fields[6], "MB") {
			rows++
			if fields[7] != "0" || strings.TrimRight(fields[8], " |\n") != "0" {
				t.Errorf("something is left: %s", line)
			}
		}
	}
	if rows != 2 {
		t.Errorf("report\n%s", report.String())
	}
}

func TestSweepIsDrawn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sweep.svg")
	if err := drawSweep([]point{{1, 64, 63, 0.15, 0.4}, {2, 32, 31, 0.15, 0.4}, {1024, 0.6, 0.06, 0.15, 0.5}}, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte("<svg")) || !bytes.Contains(text, []byte("measured")) {
		t.Errorf("%d bytes, error %v", len(text), err)
	}
}

func TestUnknownPartIsRefused(t *testing.T) {
	b := bench{log: io.Discard, report: io.Discard}
	if err := b.run(t.Context(), []string{"speed"}); err == nil || !strings.Contains(err.Error(), "there are tutorial") {
		t.Errorf("got %v", err)
	}
}
