package python

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestOpenAndAdd makes an environment, adds a package, and asks for both again, for which nothing may run. uv waits
// for a lock of its own in the environment, and gives up after five minutes: that it must not have to.
func TestOpenAndAdd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	found, err := Find(ctx)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "environment")
	ran := 0
	run := func(cmd *exec.Cmd) error {
		ran++
		cmd = exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
		cmd.Dir, cmd.Env = dir, Env()
		if _, err := os.Stat(dir); err != nil {
			cmd.Dir = "" // before there is one
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", cmd, err, out)
		}
		return err
	}
	for _, again := range []bool{false, true} {
		ran = 0
		if err := Open(ctx, dir, found, []string{"idna==3.11"}, run); err != nil {
			t.Fatal(err)
		}
		if err := Add(ctx, dir, []string{"iniconfig==2.3.0"}, run); err != nil {
			t.Fatal(err)
		}
		if again && ran > 0 {
			t.Errorf("%d commands ran again", ran)
		}
	}
	out, err := exec.CommandContext(ctx, program(dir, "python"), "-c", "import idna, iniconfig; print(idna.__version__)").CombinedOutput()
	if err != nil || string(out) != "3.11\n" {
		t.Errorf("%v, %s", err, out)
	}
}
