package pagefiles_test

import (
	"os"
	"path/filepath"
	"testing"

	"locuslab/kernel/pagefiles"
)

func TestFolderOfServer(t *testing.T) {
	runtime, root := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(runtime, "jpserver-42.json"), []byte(`{"base_url": "/user/me/", "root_dir": "`+root+`", "pid": 42}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := pagefiles.FindServer(42, t.TempDir(), "", runtime)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.NewFolder()
	if err != nil {
		t.Fatal(err)
	}
	rest, err := filepath.Rel(root, f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := "/user/me/files/" + filepath.ToSlash(rest); f.URL != want {
		t.Errorf("the address of %s is %s, not %s", f.Dir, f.URL, want)
	}
	if err := os.WriteFile(filepath.Join(f.Dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(root); len(left) > 0 {
		t.Errorf("%s is left", left[0].Name())
	}
}

func TestNoServer(t *testing.T) {
	if s, err := pagefiles.FindServer(42, t.TempDir()); err == nil {
		t.Errorf("found %v", s)
	}
}
