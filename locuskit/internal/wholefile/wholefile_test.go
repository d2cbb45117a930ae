package wholefile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"locuslab/locuskit/internal/wholefile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// listing returns what is in a folder: names, modes and texts.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(info.Mode().String() + " " + e.Name())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(" " + string(data))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestWhatIsThereStaysWhatItIs(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	broken := errors.New("broken off")
	for _, c := range []struct {
		name   string
		before func(dir string) error
		path   string
		fill   func(io.Writer) error
		want   string
		err    error
	}{
		{"new", nil, "a", text("x"), "-rw-r----- a x\n", nil},
		{"mode", func(dir string) error { return os.WriteFile(dir+"/a", []byte("old"), 0o600) }, "a", text("x"), "-rw------- a x\n", nil},
		{"broken off", func(dir string) error { return os.WriteFile(dir+"/a", []byte("old"), 0o600) }, "a", func(w io.Writer) error {
			return errors.Join(text("half")(w), broken)
		}, "-rw------- a old\n", broken},
		{"link", func(dir string) error {
			return errors.Join(os.WriteFile(dir+"/a", []byte("old"), 0o600), os.Symlink("a", dir+"/b"), os.Symlink(dir+"/b", dir+"/c"))
		}, "c", text("x"), "-rw------- a x\nLrwxrwxrwx b\nLrwxrwxrwx c\n", nil},
		{"link to nothing", func(dir string) error { return os.Symlink("a", dir+"/b") }, "b", text("x"), "-rw-r----- a x\nLrwxrwxrwx b\n", nil},
		{"no folder", nil, "no/a", text("x"), "", fs.ErrNotExist},
		{"circle", func(dir string) error { return os.Symlink("b", dir+"/b") }, "b", text("x"), "Lrwxrwxrwx b\n", errAny},
		{"folder", func(dir string) error { return os.Mkdir(dir+"/b", 0o700) }, "b", text("x"), "drwx------ b\n", errAny},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.before != nil {
				if err := c.before(dir); err != nil {
					t.Fatal(err)
				}
			}
			err := wholefile.Write(filepath.Join(dir, c.path), c.fill)
			if c.err == nil && err != nil || c.err == errAny && err == nil || c.err != nil && c.err != errAny && !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if got := listing(t, dir); got != c.want {
				t.Errorf("then there is\n%swant\n%s", got, c.want)
			}
		})
	}
}

var errAny = errors.New("some error")

func TestAPipeIsWrittenTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	go func() {
		data, err := os.ReadFile(path)
		got <- string(data) + errorText(err)
	}()
	if err := wholefile.Write(path, text("through")); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "through" {
		t.Errorf("the reader got %q", s)
	}
	if at, err := os.Lstat(path); err != nil || at.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("then there is %v, %v", at.Mode(), err)
	}
}

func errorText(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}
