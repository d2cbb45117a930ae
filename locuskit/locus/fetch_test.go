package main_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/process/processtest"
)

// startServiceFor runs the command service and gives the variables that it prints.
func startServiceFor(t *testing.T, p processtest.Program, env []string, args ...string) (vars []string) {
	t.Helper()
	cmd := p.Command(append([]string{"service", "--until-eof"}, args...)...)
	cmd.Env = append(cmd.Env, env...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("service: %v", err)
		}
	})
	lines := bufio.NewScanner(stdout)
	for len(vars) < 2 && lines.Scan() {
		vars = append(vars, strings.TrimPrefix(lines.Text(), "export "))
	}
	if len(vars) != 2 {
		t.Fatal("the service did not start")
	}
	return vars
}

func TestServiceEndsWithItsInput(t *testing.T) {
	for _, c := range []struct {
		command string
		args    []string
	}{{"locuslab/locuskit/locus", []string{"service"}}, {"locuslab/locuskit/locusd", nil}} {
		p := processtest.Build(t, c.command, "")
		out, stderr, status := p.Output(t, nil, append(c.args, "--until-eof", "--token", "secret")...)
		if status != 0 || !strings.HasPrefix(out, "export LOCUS_URL=http://127.0.0.1:") || !strings.Contains(out, "\nexport API_TOKEN=secret\n") {
			t.Errorf("%s: status %d\n%s%s", c.command, status, out, stderr)
		}
		p.AwaitNobodyLeft(t)
	}
}

// TestFetchCommands runs the commands fetch and service as a user does, all from one build.
func TestFetchCommands(t *testing.T) {
	p := processtest.Build(t, "locuslab/locuskit/locus", "")
	for name, test := range map[string]func(*testing.T, processtest.Program){
		"from the embedded service":              fetchFromTheEmbeddedService,
		"exit status":                            fetchExitStatus,
		"killed and run again":                   fetchKilledAndRunAgain,
		"service says what is wrong":             serviceSaysWhatIsWrong,
		"service records and replays":            serviceRecordsAndReplays,
		"saved notebook does not hold the token": savedNotebookDoesNotHoldTheToken,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

// fetchFromTheEmbeddedService has no LOCUS_URL: data on standard output alone, and nobody left.
func fetchFromTheEmbeddedService(t *testing.T, p processtest.Program) {
	out, stderr, status := p.Output(t, nil, "fetch", "connections", "--speed", "1000")
	if status != 0 || strings.Count(out, "\n") != 2532 || !strings.HasPrefix(out, "id,set_id,set_name,") {
		t.Errorf("status %d, %d lines\n%s", status, strings.Count(out, "\n"), stderr)
	}
	for _, want := range []string{"LOCUS_URL is not set", "2531 connections of 120 whitelabels"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("standard error lacks %q: %s", want, stderr)
		}
	}
	file := filepath.Join(t.TempDir(), "connections.parquet")
	if out, stderr, status := p.Output(t, nil, "fetch", "connections", "--speed", "1000", "-q", "-o", file); status != 0 || out+stderr != "" {
		t.Errorf("status %d, printed %q %q", status, out, stderr)
	}
	if text, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(text, []byte("PAR1")) || !bytes.HasSuffix(text, []byte("PAR1")) {
		t.Errorf("%d bytes, error %v", len(text), err)
	}
	p.AwaitNobodyLeft(t)
}

func fetchExitStatus(t *testing.T, p processtest.Program) {
	vars := startServiceFor(t, p, nil, "--speed", "10000", "--faults", "100%@whitelabel=7:500")
	file := filepath.Join(t.TempDir(), "connections.csv")
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"whitelabels"}, 0, "120 whitelabels"},
		{[]string{"connections", "--attempts", "2", "-o", file}, 1, "whitelabel 7 (CHR)"},
		{[]string{"connections", "--workers", "none"}, 2, "invalid argument"},
		{[]string{"connections", "--format", "xlsx"}, 2, "parquet"},
		{[]string{"connections", "--no-such-flag"}, 2, "unknown flag"},
		{[]string{"dataset"}, 2, "dataset REPORT"},
		{[]string{"dataset", "1"}, 1, "no report"},
		{nil, 2, "fetch what?"},
	} {
		_, stderr, status := p.Output(t, vars, append([]string{"fetch"}, c.args...)...)
		if status != c.status || !strings.Contains(stderr, c.says) || strings.Contains(stderr, strings.TrimPrefix(vars[1], "API_TOKEN=")) {
			t.Errorf("fetch %v: status %d, want %d, and %q; said %s", c.args, status, c.status, c.says, stderr)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a failed fetch wrote a file")
	}
	_, stderr, status := p.Output(t, vars, "fetch", "connections", "--attempts", "2", "--partial", "-o", file)
	text, err := os.ReadFile(file)
	if status != 3 || err != nil || bytes.Count(text, []byte("\n")) < 2400 || !strings.Contains(stderr, "not complete") {
		t.Errorf("--partial: status %d, %d lines, error %v, said %s", status, bytes.Count(text, []byte("\n")), err, stderr)
	}
	wrong := []string{vars[0], "API_TOKEN=wrong"}
	if _, stderr, status := p.Output(t, wrong, "fetch", "whitelabels"); status != 1 || !strings.Contains(stderr, "API_TOKEN") {
		t.Errorf("wrong token: status %d, said %s", status, stderr)
	}
	if _, stderr, status := p.Output(t, vars[:1], "fetch", "whitelabels"); status != 1 || !strings.Contains(stderr, "API_TOKEN") {
		t.Errorf("no token: status %d, said %s", status, stderr)
	}
}

// fetchKilledAndRunAgain kills a fetch, as no handler can see coming, and runs it again.
func fetchKilledAndRunAgain(t *testing.T, p processtest.Program) {
	vars := startServiceFor(t, p, nil, "--speed", "10")
	dir := t.TempDir()
	checkpoint, out := filepath.Join(dir, "run.ckpt"), filepath.Join(dir, "out.csv")
	args := []string{"fetch", "connections", "-w", "2", "--checkpoint", checkpoint, "-o", out}
	cmd := p.Command(args...)
	cmd.Env = append(cmd.Env, vars...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	received := func() int {
		text, err := os.ReadFile(checkpoint)
		if err != nil {
			return 0 // not begun
		}
		return max(0, bytes.Count(text, []byte("\n"))-1)
	}
	for deadline := time.Now().Add(time.Minute); received() < 20; {
		if time.Now().After(deadline) {
			t.Fatal("nothing is received")
		}
		time.Sleep(time.Millisecond) // a file tells nobody that it grows
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	had := received()
	if _, err := os.Stat(out); err == nil {
		t.Error("a killed fetch wrote a file")
	}
	_, stderr, status := p.Output(t, vars, args...)
	m := regexp.MustCompile(`: (\d+) requests`).FindStringSubmatch(stderr)
	if status != 0 || m == nil {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if asked, _ := strconv.Atoi(m[1]); asked != 1+120-had {
		t.Errorf("asked %d times, had %d of 120", asked, had)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want, _, _ := p.Output(t, vars, "fetch", "connections", "-w", "32"); string(got) != want {
		t.Errorf("%d bytes, a whole fetch has %d", len(got), len(want))
	}
}

// serviceSaysWhatIsWrong gives the service flags that it cannot work with.
func serviceSaysWhatIsWrong(t *testing.T, p processtest.Program) {
	for flag, want := range map[string]string{
		"--faults=20%:gremlins":    `no fault "gremlins"`,
		"--faults=@/absent/file":   "no such file",
		"--latency=fast":           "300ms",
		"--whitelabels=-1":         "1000000",
		"--speed=0":                "greater than 0",
		"--replay=/absent":         "no such file",
		"--record=/absent/x":       "API_TOKEN",
		"--upstream=http://a.test": "--record",
		"--rate=-1":                "greater than 0",
		"--addr=0.0.0.0:0":         "loopback",
		"--addr=" + taken(t):       "choose another",
	} {
		if _, stderr, status := p.Output(t, nil, "service", "--until-eof", flag); status != 1 || !strings.Contains(stderr, want) {
			t.Errorf("service %s: status %d, want 1 and %q; said %s", flag, status, want, stderr)
		}
	}
	if _, stderr, status := p.Output(t, []string{"LOCUS_SPEED=fast"}, "service", "--until-eof"); status != 1 || !strings.Contains(stderr, `LOCUS_SPEED="fast"`) {
		t.Errorf("LOCUS_SPEED=fast: status %d, said %s", status, stderr)
	}
}

// taken returns an address that another program has.
func taken(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func serviceRecordsAndReplays(t *testing.T, p processtest.Program) {
	dir := filepath.Join(t.TempDir(), "copy")
	const token = "a-customers-token"
	real := startServiceFor(t, p, nil, "--speed", "10000", "--token", token)
	recorder := startServiceFor(t, p, real, "--record", dir)
	want, stderr, status := p.Output(t, recorder, "fetch", "connections")
	if status != 0 {
		t.Fatal(stderr)
	}
	replay := startServiceFor(t, p, nil, "--replay", dir, "--speed", "1000")
	if got, stderr, status := p.Output(t, replay, "fetch", "connections"); status != 0 || got != want {
		t.Errorf("status %d, %d bytes, want %d: %s", status, len(got), len(want), stderr)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2*121 {
		t.Errorf("%d files, error %v", len(files), err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err != nil || bytes.Contains(text, []byte(token)) {
			t.Errorf("%s holds the token, or %v", f, err)
		}
	}
}

// savedNotebookDoesNotHoldTheToken runs a lesson in which everything that can go wrong with a token does, and
// looks through what is saved.
func savedNotebookDoesNotHoldTheToken(t *testing.T, p processtest.Program) {
	vars := startServiceFor(t, p, nil, "--speed", "1000", "--faults", "100%@whitelabel=7:expired;100%@whitelabel=8:json")
	token := strings.TrimPrefix(vars[1], "API_TOKEN=")
	cell := func(source string, tags ...string) map[string]any {
		return map[string]any{"cell_type": "code", "id": fmt.Sprintf("c%x", sha256.Sum256([]byte(source)))[:9], "metadata": map[string]any{"tags": tags},
			"source": source, "outputs": []any{}, "execution_count": nil}
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": []any{
		cell("%env API_TOKEN"),
		cell("import \"locuslab/locuskit\"\nclient, err := locuskit.New()\nif err != nil {\n\treturn err\n}\nfmt.Printf(\"%v %+v %#v\\n\", client, client, *client)\nclient"),
		cell("client.Connections(context.Background(), []locuskit.Whitelabel{{ID: 7}})", "raises-exception"),
		cell("client.Connections(context.Background(), []locuskit.Whitelabel{{ID: 8}})", "raises-exception"),
		cell("panic(fmt.Sprintf(\"%+v\", client))", "raises-exception"),
		cell("client.Timeline()"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	// In the checkout, whose locuskit it imports.
	dir, err := os.MkdirTemp("../../notebooks", ".token-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	in, out := filepath.Join(dir, "in.ipynb"), filepath.Join(dir, "out.ipynb")
	if err := os.WriteFile(in, text, 0o600); err != nil {
		t.Fatal(err)
	}
	cache, err := build.CacheRoot() // of this machine, where other tests may have built the worker
	if err != nil {
		t.Fatal(err)
	}
	kernel := processtest.Build(t, "locuslab/kernel", p.Home)
	stdout, stderr, status := kernel.Output(t, append(vars, build.CacheVariable+"="+cache), "run", in, "-o", out)
	if status != 0 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	saved, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer saved.Close()
	everything, err := io.ReadAll(saved)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"401 Unauthorized", "not JSON", "panic"} {
		if !bytes.Contains(everything, []byte(want)) {
			t.Errorf("the notebook does not show %q:\n%s", want, everything)
		}
	}
	if strings.Contains(string(everything)+stdout+stderr, token) {
		t.Errorf("the token is in what the run left:\n%s\n%s\n%s", everything, stdout, stderr)
	}
}
