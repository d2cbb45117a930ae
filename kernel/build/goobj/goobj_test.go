package goobj_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/build/toolchain"
)

const source = `package sample

import "errors"

type T struct {
	A int
	B *T
}

func (t *T) Sum() int {
	if t == nil {
		return 0
	}
	return t.A + t.B.Sum()
}

func inlined(n int) int { return n + 1 }

func Outer(n int) any {
	defer println("deferred")
	return []any{inlined(n), &T{A: n}, errors.New("an error")}
}

var (
	Table = []string{"a", "b"}
	Zero  [10]*T
	Count int
)
`

// compile returns an archive that the compiler wrote.
func compile(t testing.TB) []byte {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	tool, err := toolchain.Find(ctx, dir, append(os.Environ(), "CGO_ENABLED=0"))
	if err != nil {
		t.Fatal(err)
	}
	file, out := filepath.Join(dir, "sample.go"), filepath.Join(dir, "sample.a")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	listed, err := tool.List(ctx, dir, "errors")
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Compile(ctx, toolchain.Compilation{Package: "example.com/sample", Sources: []string{file}, Archives: toolchain.Archives(listed), Output: out}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSymbols(t *testing.T) {
	a, err := goobj.ParseArchive(compile(t))
	if err != nil {
		t.Fatal(err)
	}
	o := a.Objects[0]
	if o.Assembly() || o.Fingerprint() == (goobj.Fingerprint{}) {
		t.Error("the object says that it is assembly, or exports nothing")
	}
	imports := map[string]bool{}
	for path, f := range o.Imports {
		imports[path] = f != goobj.Fingerprint{}
	}
	if !imports["errors"] {
		t.Errorf("imports %v", imports)
	}
	found := map[string]uint32{}
	for i := range o.Defs() {
		if !o.Static(i) {
			found[strings.TrimPrefix(o.Name(i).Text, "example.com/sample.")] = i
		}
	}
	for _, c := range []struct {
		name string
		kind goobj.Kind
		size uintptr // 0 for any
	}{
		{"(*T).Sum", goobj.Text, 0}, {"Outer", goobj.Text, 0}, {"Table", goobj.Data, 24}, {"Zero", goobj.BSS, 80}, {"Count", goobj.NoptrBSS, 8},
		{"type:example.com/sample.T", goobj.ROData, 0},
	} {
		i, ok := found[c.name]
		if !ok || o.Kind(i) != c.kind || c.size != 0 && o.Size(i) != c.size {
			t.Errorf("%s: found %v, kind %v, size %d", c.name, ok, o.Kind(i), o.Size(i))
		}
	}
	if i := found["type:example.com/sample.T"]; !o.IsType(i) || o.IsItab(i) {
		t.Error("the type descriptor is not marked as one")
	}
	// Outer calls errors.New, by index or inlined, and something of the runtime, by number.
	outer := found["Outer"]
	classes := map[goobj.Class]bool{}
	for r := range o.Relocs(outer) {
		class, _, i := o.Resolve(r.Target)
		classes[class] = true
		if class == goobj.Own && i >= o.Defs() || uintptr(r.Offset) > o.Size(outer) {
			t.Errorf("relocation %+v lies outside", r)
		}
	}
	if !classes[goobj.Own] || !classes[goobj.Builtin] || !classes[goobj.ByName] {
		t.Errorf("classes of references: %v", classes)
	}
	info, ok, err := o.FuncInfo(outer)
	if err != nil || !ok || info.StartLine != 19 || len(info.Inlined) == 0 {
		t.Errorf("function info %+v, %v, %v", info, ok, err)
	}
	if class, _, i := o.Resolve(info.Inlined[0].Func); class != goobj.Own || !strings.HasSuffix(o.Name(i).Text, ".inlined") {
		t.Error("the inlined function is not named")
	}
	named := false
	for i := range o.Files() {
		named = named || strings.HasSuffix(o.File(i), "sample.go")
	}
	if !named {
		t.Error("the source file is not named")
	}
}

func TestForeign(t *testing.T) {
	good := compile(t)
	a, err := goobj.ParseArchive(append(good, "x.syso          0           0     0     644     4         `\n\x7fELF"...))
	if err != nil || len(a.Objects) != 1 || !slices.Equal(a.Foreign, []string{"x.syso"}) {
		t.Errorf("an archive with C code: %+v, %v", a, err)
	}
	for _, text := range []string{"", "!<arch>\n", "!<arch>\nx", "ELF"} {
		if _, err := goobj.ParseArchive([]byte(text)); err == nil {
			t.Errorf("%q is an archive", text)
		}
	}
}

// walk asks for everything that an archive says.
func walk(b []byte) {
	a, err := goobj.ParseArchive(b)
	if err != nil {
		return
	}
	for _, o := range a.Objects {
		for range o.Imports {
		}
		for i := range o.Files() {
			_ = o.File(i)
		}
		for i := range o.Packages() {
			_ = o.Package(i)
		}
		for range o.ByName {
		}
		for i := range o.Defs() {
			_, _, _ = o.Name(i), o.Data(i), o.Size(i)
			_, _ = o.Hash(i)
			for r := range o.Relocs(i) {
				if class, _, k := o.Resolve(r.Target); class == goobj.Own || class == goobj.ByName {
					_ = o.Name(k)
				}
			}
			for x := range o.Auxs(i) {
				_, _, _ = o.Resolve(x.Target)
			}
			_, _, _ = o.FuncInfo(i)
		}
	}
}

// A damaged archive is an error, or says something else; it never panics.
func TestDamaged(t *testing.T) {
	good := compile(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		b := slices.Clone(good)
		switch random.IntN(3) {
		case 0:
			b = b[:random.IntN(len(b))]
		case 1: // offsets and lengths are words
			i := random.IntN(len(b) - 4)
			copy(b[i:], [][]byte{{0xff, 0xff, 0xff, 0xff}, {0xff, 0xff, 0xff, 0x7f}, {0, 0, 0, 0x80}, {0, 0, 0, 0}}[random.IntN(4)])
		default:
			for range 1 + random.IntN(8) {
				b[random.IntN(len(b))] ^= byte(1 << random.IntN(8))
			}
		}
		walk(b)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(compile(f))
	f.Fuzz(func(t *testing.T, b []byte) { walk(b) })
}
