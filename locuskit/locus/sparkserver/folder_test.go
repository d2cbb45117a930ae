package sparkserver

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFoldersOfTheDeadAreRemoved: those that a program or what it has started still uses stay, and so does what is not known.
func TestFoldersOfTheDeadAreRemoved(t *testing.T) {
	if path := os.Getenv("LOCUSLAB_TEST_FOLDER"); path != "" { // the program that is killed
		f, err := newFolder()
		if err != nil {
			t.Fatal(err)
		}
		child := exec.Command("cat") // ends when its input does
		child.ExtraFiles = []*os.File{f.lock}
		child.Stdin = os.NewFile(3, "input")
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString("folder " + f.path + "\n")
		select {}
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "LOCUSLAB_TEST_FOLDER=yes")
	cmd.ExtraFiles = []*os.File{read}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }() // if it has not been
	read.Close()
	line, err := bufio.NewReader(out).ReadString('\n')
	theirs, ok := strings.CutPrefix(strings.TrimSpace(line), "folder ")
	if err != nil || !ok {
		t.Fatalf("%q, %v", line, err)
	}
	unknown := filepath.Join(temp, "locuslab-spark-unknown")
	if err := os.Mkdir(unknown, 0o700); err != nil {
		t.Fatal(err)
	}
	mine, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	if !there(theirs) || !there(mine.path) {
		t.Error("a folder is removed that is in use")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	sweep(temp)
	if !there(theirs) {
		t.Error("a folder is removed that a child of the dead uses")
	}
	lock, err := os.Open(filepath.Join(theirs, lockName))
	if err != nil {
		t.Fatal(err)
	}
	write.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil { // it waits for the child's end
		t.Fatal(err)
	}
	lock.Close()
	sweep(temp)
	if there(theirs) || !there(mine.path) || !there(unknown) {
		t.Errorf("the dead's folder is there: %v; the living's: %v, the unknown: %v", there(theirs), there(mine.path), there(unknown))
	}
	mine.remove()
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) != 1 {
		t.Errorf("%v are left, error %v", left, err)
	}
}
