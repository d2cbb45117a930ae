package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

// TestProgressOfABuild imports a package whose compiler waits, and looks at what the cell shows
// meanwhile: the package, and how far the build is. At the end nothing of it is left.
func TestProgressOfABuild(t *testing.T) {
	dir, tools := t.TempDir(), t.TempDir()
	gate := filepath.Join(tools, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	// Both ends are open, so that the compiler waits for a line, not for a reader.
	open, err := os.OpenFile(gate, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	tool := filepath.Join(tools, "tool")
	unique := fmt.Sprint(time.Now().UnixNano()) // which no build cache has
	for path, text := range map[string]string{
		tool:                                    "#!/bin/sh\ncase \" $* \" in *\" -V=full \"*) ;; *\" -p example.org/m/slow \"*) read -r line <" + gate + ";; esac\nexec \"$@\"\n",
		filepath.Join(dir, "go.mod"):            "module example.org/m\n\ngo 1.26\n",
		filepath.Join(dir, "slow", "slow.go"):   "package slow\n\nconst Unique = " + unique + "\n",
		filepath.Join(dir, "after", "after.go"): "package after\n\nimport \"example.org/m/slow\"\n\nfunc F() int { return slow.Unique }\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: dir, Env: []string{"GOFLAGS=-toolexec=" + tool}})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	far := regexp.MustCompile(`preparing example\.org/m/after…\n\d+ of \d+ packages: compiling example\.org/m/slow`)
	shown := make(chan string, 1)
	k.Watch(func(m wire.Message) {
		var content struct{ Data map[string]any }
		if m.Decode(&content) != nil {
			return
		}
		if text, _ := content.Data["text/plain"].(string); far.MatchString(text) {
			select {
			case shown <- text:
			default:
			}
		}
	})
	running, err := k.Start(client.Cell{Code: "import \"example.org/m/after\"\nafter.F()"})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan *client.Outcome, 1)
	go func() {
		o, err := running.Wait(t.Context())
		if err != nil {
			t.Error(err)
		}
		ended <- o
	}()
	select {
	case <-shown:
	case o := <-ended:
		t.Fatalf("the cell has ended without showing how far the build was:\n%s\n%s", o, kerneltest.FailureText(o))
	case <-time.After(2 * time.Minute):
		t.Fatal("the cell does not show how far the build is")
	}
	if _, err := open.WriteString("go on\n"); err != nil {
		t.Fatal(err)
	}
	o := <-ended
	if o == nil {
		return
	}
	if o.Result("text/plain") != unique {
		t.Errorf("the cell ends with\n%s\n%s", o, kerneltest.FailureText(o))
	}
	cleared := false
	for _, m := range o.Messages {
		switch m.Header.Type {
		case "clear_output":
			cleared = true
		case "display_data", "update_display_data":
			cleared = false
		}
	}
	if !cleared {
		t.Errorf("what told of the build stays in the cell:\n%s", o)
	}
}
