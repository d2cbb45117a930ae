package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/process/processtest"
)

// However the kernel ends, nothing of it stays: no process, no temporary folder.
func TestNothingIsLeft(t *testing.T) {
	for name, end := range map[string]func(*client.Kernel) error{
		"shutdown": func(k *client.Kernel) error { return k.Shutdown(within(t, patience), false) },
		"SIGTERM":  func(k *client.Kernel) error { return syscall.Kill(k.Pid(), syscall.SIGTERM) },
		"SIGHUP":   func(k *client.Kernel) error { return syscall.Kill(k.Pid(), syscall.SIGHUP) },
		"SIGKILL":  func(k *client.Kernel) error { return syscall.Kill(k.Pid(), syscall.SIGKILL) },
	} {
		for _, busy := range []bool{false, true} {
			t.Run(name+map[bool]string{false: " idle", true: " busy"}[busy], func(t *testing.T) {
				temp := t.TempDir()
				k := startWith(t, specOf(t), client.Options{Dir: prefix, Env: []string{"TMPDIR=" + temp}})
				if busy {
					if _, err := k.Start(client.Cell{Code: "for {\n}"}); err != nil {
						t.Fatal(err)
					}
					if _, err := k.KernelInfo(within(t, patience)); err != nil {
						t.Fatal(err)
					}
				}
				processes := append(descendants(t, k.Pid()), k.Pid())
				if len(processes) < 2 {
					t.Errorf("the kernel has no worker: %v", processes)
				}
				if err := end(k); err != nil {
					t.Fatal(err)
				}
				processtest.AwaitEnd(t, patience, processes...)
				if name == "SIGKILL" {
					return // nobody is left to remove a folder
				}
				left, err := os.ReadDir(temp)
				if err != nil {
					t.Fatal(err)
				}
				for _, entry := range left {
					t.Errorf("left behind: %s", entry.Name())
				}
			})
		}
	}
}

// A front end that is killed sends no shutdown; its kernel ends all the same.
func TestKernelEndsWithItsFrontEnd(t *testing.T) {
	spec := specOf(t)
	dir := t.TempDir()
	connection := filepath.Join(dir, "connection.json")
	// The shell stands for the front end: it starts a kernel and waits.
	argv := strings.NewReplacer("{connection_file}", connection)
	words := make([]string, len(spec.Argv))
	for i, w := range spec.Argv {
		words[i] = "'" + argv.Replace(w) + "'"
	}
	c := newConnection(t, connection)
	frontEnd := exec.Command("sh", "-c", "JPY_PARENT_PID=$$ "+strings.Join(words, " ")+" & echo $!; wait")
	frontEnd.Dir = prefix
	out, err := frontEnd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := frontEnd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 32)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(line[:n])))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if alive(pid) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	k, err := client.Connect(within(t, time.Minute), c)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if o, err := k.Run(within(t, firstCell), "true"); err != nil || o.Status != "ok" {
		t.Fatalf("first cell: %v, %v", err, o)
	}
	processes := append(descendants(t, pid), pid)
	if err := frontEnd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	frontEnd.Wait()
	processtest.AwaitEnd(t, patience, processes...)
}
