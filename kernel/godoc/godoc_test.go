package godoc

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func std(t testing.TB, r *Reader, path string) *Package {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Package(path, filepath.Join(strings.TrimSpace(string(root)), "src", path))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What a user reads of the standard library: the signature as it is written there, the
// comment, and the text.
func TestStandardLibrary(t *testing.T) {
	var r Reader
	for _, c := range []struct{ path, name, member, signature, doc, source string }{
		{"strings", "Replace", "", "func Replace(s, old, new string, n int) string", "non-overlapping instances", "var b Builder"},
		{"strings", "Builder", "WriteString", "func (b *Builder) WriteString(s string) (int, error)", "appends the contents of s", "b.copyCheck()"},
		{"net/http", "Client", "Timeout", "field Timeout time.Duration", "Timeout specifies a time limit", "Timeout time.Duration"},
		{"net/http", "NewRequest", "", "func NewRequest(method, url string, body io.Reader) (*Request, error)", "NewRequest wraps", "context.Background()"},
		{"io", "Reader", "Read", "func Read(p []byte) (n int, err error)", "", "Read(p []byte)"},
		{"io", "EOF", "", "var EOF = errors.New(\"EOF\")", "EOF is the error returned by Read", "errors.New"},
		{"time", "Second", "", "", "", "Second"},
		{"builtin", "append", "", "func append(slice []Type, elems ...Type) []Type", "appends elements to the end", "func append"},
		{"sort", "Interface", "", "type Interface interface {", "implementation of Interface", "Swap(i, j int)"},
	} {
		e, ok := std(t, &r, c.path).Find(c.name, c.member)
		if !ok || !strings.HasPrefix(e.Signature, c.signature) || !strings.Contains(strings.Join(strings.Fields(e.Doc), " "), c.doc) || !strings.Contains(e.Source, c.source) {
			t.Errorf("%s.%s.%s: %t\n%s\n%s\nsource:\n%s", c.path, c.name, c.member, ok, e.Signature, e.Doc, e.Source)
		}
	}
	if e := std(t, &r, "strings").About(); e.Signature != `package strings // import "strings"` || !strings.Contains(e.Doc, "UTF-8") {
		t.Errorf("%+v", e)
	}
	if _, ok := std(t, &r, "strings").Find("Nothing", ""); ok {
		t.Error("a name that is not there is found")
	}
}

func TestMethodsHaveTheirFirstSentences(t *testing.T) {
	var r Reader
	e, ok := std(t, &r, "strings").Find("Builder", "")
	if !ok {
		t.Fatal("no strings.Builder")
	}
	for _, m := range e.Methods {
		if m.Name == "Len" {
			if m.Signature != "func (b *Builder) Len() int" || !strings.HasPrefix(m.Synopsis, "Len returns the number of accumulated bytes") {
				t.Errorf("%+v", m)
			}
			return
		}
	}
	t.Errorf("methods: %+v", e.Methods)
}

// A package that is being edited is read anew.
func TestEditedPackage(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var r Reader
	for _, text := range []string{"first", "the second one"} {
		write("package p\n\n// F is " + text + ".\nfunc F() {}\n\nfunc broken( {\n")
		p, err := r.Package("example.org/p", dir)
		if err != nil {
			t.Fatal(err)
		}
		if e, _ := p.Find("F", ""); e.Doc != "F is "+text+"." || e.Source != "// F is "+text+".\nfunc F() {}" {
			t.Errorf("%+v", e)
		}
	}
	if _, err := r.Package("example.org/none", filepath.Join(dir, "none")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func BenchmarkWarm(b *testing.B) {
	var r Reader
	dir := std(b, &r, "net/http").dir
	for b.Loop() {
		p, err := r.Package("net/http", dir)
		if err != nil {
			b.Fatal(err)
		}
		p.Find("Client", "Do")
	}
}

func BenchmarkCold(b *testing.B) {
	dir := std(b, new(Reader), "net/http").dir
	for b.Loop() {
		p, err := new(Reader).Package("net/http", dir)
		if err != nil {
			b.Fatal(err)
		}
		p.Find("Client", "Do")
	}
}
