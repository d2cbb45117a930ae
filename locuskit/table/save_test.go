package table_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestASavedFileStaysWhatItWas(t *testing.T) {
	tab := largeTable().Head(10)
	saves := map[string]func(context.Context, string) error{"csv": tab.SaveCSV, "parquet": tab.SaveParquet, "arrow": tab.SaveIPC, "json": tab.SaveJSON}
	for name, save := range saves {
		dir := t.TempDir()
		private, link := filepath.Join(dir, "private"), filepath.Join(dir, "link")
		if err := os.WriteFile(private, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(private, link); err != nil {
			t.Fatal(err)
		}
		if err := save(t.Context(), link); err != nil {
			t.Fatal(err)
		}
		a, err := os.Stat(private)
		b, err2 := os.Lstat(link)
		if err != nil || err2 != nil || a.Mode() != 0o600 || a.Size() == 0 || b.Mode().Type() != os.ModeSymlink {
			t.Errorf("%s: file %v of %d bytes, link %v", name, a.Mode(), a.Size(), b.Mode())
		}
	}
}
