package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/process/processtest"
	"locuslab/locuskit/locus/sparkserver"
)

// TestReproduce runs the command as a user does.
func TestReproduce(t *testing.T) {
	dir := t.TempDir()
	exe := filepath.Join(dir, "locus")
	processtest.Run(t, "go", "build", "-o", exe, ".")
	page, chart := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.svg")
	cmd := exec.CommandContext(t.Context(), exe, "reproduce", "--no-python", "--speed", "500", "--html", page, "--chart", chart)
	// In CI there is Java, and a column for the cluster.
	_, noJava := exec.LookPath("java")
	withSpark := noJava == nil || os.Getenv("CI") != ""
	if withSpark {
		cmd.Args = append(cmd.Args, "--spark")
	}
	cmd.Env = append(os.Environ(), "LOCUS_URL=", "API_TOKEN=", "SPARK_REMOTE=", sparkserver.ShortLived)
	var progress strings.Builder
	cmd.Stderr = &progress
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	for _, want := range []string{"2531 connections", "12514, 51", "63 codes", "347 codes, at most 562", "service at speed 500"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if header, _, _ := strings.Cut(string(out), "──"); strings.Contains(header, "Spark") != withSpark {
		t.Errorf("with Spark %v:\n%s", withSpark, out)
	}
	if want := map[bool]string{true: "14/14 Spark: visits > 100, sorted", false: "10/10 Go: Resident Age Breakdown"}[withSpark]; !strings.Contains(progress.String(), want) {
		t.Errorf("no progress in\n%s", progress.String())
	}
	for path, start := range map[string]string{page: "<!DOCTYPE html>", chart: "<svg "} {
		if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), start) {
			t.Errorf("%s: %.40s, error %v", path, text, err)
		}
	}
	for _, args := range [][]string{{"--speed", "0"}, {"--workers", "0"}, {"--full", "--speed", "3"}, {"--no-python", "--html", filepath.Join(dir, "none", "x.html"), "--speed", "5000"}} {
		if out, err := exec.CommandContext(t.Context(), exe, append([]string{"reproduce"}, args...)...).CombinedOutput(); err == nil {
			t.Errorf("%v succeeded:\n%s", args, out)
		}
	}
}
