package sparkserver_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/process/processtest"
	"locuslab/locuskit/locus/sparkserver"
	"locuslab/locuskit/spark"
	"locuslab/locuskit/table"
)

// TestWorkersEndWithTheCommand starts a cluster of two workers by the command, asks it something, and kills the command, which
// cannot tell anybody.
func TestWorkersEndWithTheCommand(t *testing.T) {
	exe := filepath.Join(t.TempDir(), "locus")
	processtest.Run(t, "go", "build", "-o", exe, "locuslab/locuskit/locus")
	temp := t.TempDir()
	cmd := exec.Command(exe, "spark", "--workers", "2", "--memory", "600m", "--until-eof")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp, sparkserver.ShortLived)
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if errors.Is(err, io.EOF) {
		_ = cmd.Wait()
		if strings.Contains(said.String(), sparkserver.ErrNoJava.Error()) && os.Getenv("CI") == "" {
			t.Skip(said.String())
		}
		t.Fatal(said.String())
	}
	ended := false
	defer func() {
		if !ended {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}()
	address, ok := strings.CutPrefix(strings.TrimSuffix(line, "'\n"), "export SPARK_REMOTE='")
	if !ok {
		t.Fatalf("it says %q", line)
	}
	look, err := exec.Command(exe, "spark", "--remote", address).CombinedOutput()
	if _, token, _ := strings.Cut(address, "token="); err != nil || !strings.Contains(string(look), "Spark 4") || strings.Contains(string(look), token) {
		t.Errorf("--remote: %v: %s", err, look)
	}
	c, err := spark.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	b := table.NewBuilder()
	keys, numbers := b.Ints("key"), b.Ints("n")
	for i := range 1000 {
		keys.Append(int64(i % 3))
		numbers.Append(int64(i))
	}
	tab, err := b.Table()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "n.parquet")
	if err := tab.SaveParquet(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	got, err := c.ScanParquet(path).GroupSum(t.Context(), "key", "n")
	if err != nil || got.String() != tab.GroupSum("key", "n").String() {
		t.Errorf("%v\n%v", got, err)
	}
	pids := javaBelow(t, temp)
	sparkserver.Sweep(temp) // as another server does at the same time; what is in use stays
	if len(pids) < 5 {      // the master, the server, two workers and what computes for at least one of them
		t.Errorf("%d processes of Java", len(pids))
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	ended = true
	processtest.AwaitEnd(t, 2*time.Minute, pids...)
	c.Close()
	left := func() []string {
		found, err := filepath.Glob(filepath.Join(temp, "locuslab-spark-*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if len(left()) != 1 {
		t.Errorf("killed, it left %v", left())
	}
	sparkserver.Sweep(temp) // as the next server does
	if len(left()) != 0 {
		t.Errorf("%v are still there", left())
	}
}

// javaBelow are the processes that name a folder in their command line.
func javaBelow(t *testing.T, folder string) []int {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, path := range lines {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content), folder) && strings.Contains(string(content), "java") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestWithoutJava(t *testing.T) {
	bin := t.TempDir()
	for name, program := range map[string]string{"none": "", "old": "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", "eight": "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n"} {
		t.Setenv("JAVA_HOME", filepath.Join(bin, name))
		if program != "" {
			if err := os.MkdirAll(filepath.Join(bin, name, "bin"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(bin, name, "bin", "java"), []byte(program), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		_, err := sparkserver.Start(t.Context(), sparkserver.Options{Log: io.Discard})
		if !errors.Is(err, sparkserver.ErrNoJava) || !strings.Contains(err.Error(), "apt-get install") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, o := range []sparkserver.Options{{Workers: -1}, {Workers: 1000}, {Memory: "a lot"}, {Memory: "2g -Dx=y"}} {
		o.Log = io.Discard
		if _, err := sparkserver.Start(t.Context(), o); err == nil || errors.Is(err, sparkserver.ErrNoJava) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
