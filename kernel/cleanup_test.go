package main_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
	"locuslab/kernel/process/processtest"
)

// TestNothingOutlivesTheKernel ends a kernel in each way, with processes that its
// cells have started.
func TestNothingOutlivesTheKernel(t *testing.T) {
	spec := kerneltest.Spec(t)
	dir := t.TempDir() // one for all, and so one worker
	for name, end := range map[string]func(*client.Kernel) error{
		"shutdown":   func(k *client.Kernel) error { return k.Shutdown(t.Context(), false) },
		"terminated": func(k *client.Kernel) error { return syscall.Kill(k.Pid(), syscall.SIGTERM) },
		"killed":     func(k *client.Kernel) error { return syscall.Kill(k.Pid(), syscall.SIGKILL) },
		// As Jupyter kills: what is in the kernel's process group with it.
		"group killed": func(k *client.Kernel) error { return syscall.Kill(-k.Pid(), syscall.SIGKILL) },
	} {
		t.Run(name, func(t *testing.T) {
			temp, runtime, served := t.TempDir(), t.TempDir(), t.TempDir()
			serveFolder(t, runtime, served)
			k, err := client.Start(t.Context(), spec, client.Options{Dir: dir, Env: []string{"TMPDIR=" + temp, "JUPYTER_RUNTIME_DIR=" + runtime}})
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			var started []int
			for _, code := range []string{
				"c := exec.Command(\"sleep\", \"1000\")\n_ = c.Start()\nfmt.Println(os.Getpid(), c.Process.Pid)",
				"!sleep 1000 & echo $!",
				"%%bash\nsetsid sleep 1000 >/dev/null 2>&1 & echo $!",
				"%wasm",
			} {
				o, err := k.Run(t.Context(), code)
				if err != nil || o.Status != "ok" {
					t.Fatalf("%s: %v %v", code, err, o)
				}
				for word := range strings.FieldsSeq(o.Stream("stdout")) {
					var pid int
					if _, err := fmt.Sscan(word, &pid); err != nil {
						t.Fatal(err)
					}
					started = append(started, pid)
				}
			}
			if left := leftIn(temp, served); len(left) < 2 || len(started) != 4 {
				t.Fatalf("folders %v, processes %v", left, started)
			}
			if err := end(k); err != nil {
				t.Fatal(err)
			}
			<-k.Exited()
			processtest.AwaitEnd(t, time.Minute, started...)
			late := time.After(time.Minute)
			for { // nothing tells when a folder goes
				left := leftIn(temp, served)
				if len(left) == 0 {
					break
				}
				select {
				case <-late:
					t.Fatalf("left: %v", left)
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
}

// leftIn lists the kernel's temporary folders in temp, and whatever is in the folder of a server's.
func leftIn(temp, served string) []string {
	left, _ := filepath.Glob(filepath.Join(temp, "locuslab-*"))
	page, _ := filepath.Glob(filepath.Join(served, "*"))
	return append(left, page...)
}
