package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMalformedFilesAreNamedWithTheirPlace(t *testing.T) {
	data, err := os.ReadFile("testdata/malformed.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split("\n"+string(data), "\n== ")[1:]
	if len(cases) < 20 {
		t.Fatalf("only %d cases read", len(cases))
	}
	for _, c := range cases {
		want, content, _ := strings.Cut(c, "\n")
		t.Run(want, func(t *testing.T) {
			_, err := Parse([]byte(content))
			if err == nil || err.Error() != want {
				t.Errorf("error %v\n want %s\n  for %s", err, want, content)
			}
		})
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.ipynb")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".absent"} {
		if _, err := Read(p); err == nil || !strings.Contains(err.Error(), p) {
			t.Errorf("Read(%s): %v", p, err)
		}
	}
}

func TestJupytersFileIsWrittenAsItWasRead(t *testing.T) {
	const path = "testdata/lesson.ipynb"
	nb, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Bytes(); !bytes.Equal(got, want) {
		t.Errorf("written:\n%s\nread:\n%s", got, want)
	}
}

func TestWriteKeepsPermissionsAndLinks(t *testing.T) {
	nb, err := Read("testdata/lesson.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file.ipynb"), filepath.Join(dir, "link.ipynb")
	if err := os.WriteFile(file, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(link); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 || info.Size() == 0 {
		t.Errorf("the file: %v %v", info, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v %v", entries, err)
	}
	if err := nb.Write(filepath.Join(dir, "absent", "x.ipynb")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func FuzzParse(f *testing.F) {
	lesson, err := os.ReadFile("testdata/lesson.ipynb")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(lesson)
	f.Add([]byte(`{"cells":[{"cell_type":"code","source":["a","b"],"outputs":[]}],"nbformat":4}`))
	f.Add([]byte(`{"cells":[],"nbformat":4,"x":"\ud800\u2028\u0000"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := Parse(data)
		if err != nil {
			return
		}
		for _, c := range nb.Cells() {
			_ = c.Text()
			_ = c.Tagged(c.ID())
		}
		once := nb.Bytes()
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		if twice := again.Bytes(); !bytes.Equal(once, twice) {
			t.Fatalf("written twice, differently:\n%s\n%s", once, twice)
		}
	})
}
