package process

import (
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// A program is asked for when it waits for its input, and no sooner or later; so is one that it has started.
func TestAwaitsInput(t *testing.T) {
	for name, script := range map[string]string{
		"the program itself": `read a; exec sleep 30`,
		"one that it starts": `sh -c 'read a; sleep 30'; true`,
	} {
		t.Run(name, func(t *testing.T) {
			stdin, input, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer input.Close()
			cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
			cmd.Stdin = stdin
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			stdin.Close()
			defer func() {
				syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
				cmd.Wait()
			}()
			becomes := func(want bool) {
				t.Helper()
				for late := time.Now().Add(30 * time.Second); AwaitsInput(cmd.Process.Pid, input) != want; time.Sleep(time.Millisecond) {
					if time.Now().After(late) {
						t.Fatalf("AwaitsInput stays %v", !want)
					}
				}
			}
			becomes(true)
			if _, err := io.WriteString(input, "line\n"); err != nil {
				t.Fatal(err)
			}
			becomes(false)
		})
	}
}

func TestAwaitsInputOfAnotherPipe(t *testing.T) {
	_, other, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	cmd := exec.CommandContext(t.Context(), "cat")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for late := time.Now().Add(30 * time.Second); !AwaitsInput(cmd.Process.Pid, input.(*os.File)); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("cat does not wait for its input")
		}
	}
	if AwaitsInput(cmd.Process.Pid, other) {
		t.Error("cat is said to wait for a pipe that it does not have")
	}
	input.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
