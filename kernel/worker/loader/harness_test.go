package loader_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

const hostPath = "locuslab/kernel/worker/loader/testdata/host"

// A built is the toolchain and the program that all tests share.
type built struct {
	tool   *toolchain.Toolchain
	exe    string
	dir    string // where programs run
	module string // folder from which packages are seen
	desc   loader.Executable
}

// The tests run for another machine under an emulator:
//
//	go test ./kernel/worker/loader -goarch arm64 -emulator qemu-aarch64
var (
	goarch   = flag.String("goarch", "", "the machine that programs are built for; this one, if empty")
	emulator = flag.String("emulator", "", "the command that runs such programs")
)

// machine is the machine that programs are built for.
func machine() string {
	if *goarch != "" {
		return *goarch
	}
	return runtime.GOARCH
}

var program = sync.OnceValues(func() (*built, error) {
	dir, err := os.MkdirTemp("", "loader-test-")
	if err != nil {
		return nil, err
	}
	tidy = append(tidy, dir)
	return buildProgram(context.Background(), dir, ".", append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+machine()), "std")
})

var tidy []string

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range tidy {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// buildProgram builds a program into dir, as seen from a folder of a module.
func buildProgram(ctx context.Context, dir, module string, env []string, packages ...string) (*built, error) {
	b := &built{exe: filepath.Join(dir, "program"), module: module}
	var err error
	if b.tool, err = toolchain.Find(ctx, module, env); err != nil {
		return nil, err
	}
	p, err := b.tool.LinkProgram(ctx, toolchain.Link{Dir: module, Main: hostPath, Output: b.exe, Further: packages})
	if err != nil {
		return nil, err
	}
	b.desc = loader.Executable{Packages: p.Linked, Further: p.Further, Builtins: p.Builtins, GOROOT: b.tool.GOROOT}
	return b, nil
}

// A session is a running program and what its cells were given.
type session struct {
	t    testing.TB
	b    *built
	dir  string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *json.Decoder
	text *lockedBuffer // what it printed
	wait func() error

	known   map[string]string // archives
	fresh   map[string]string // of these, what the program has not been told
	prelude string
	cells   int
}

// lockedBuffer is written by one goroutine and read by another.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t testing.TB, env ...string) *session {
	t.Helper()
	b, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, b, env...)
}

// startProgram starts a program.
func startProgram(t testing.TB, b *built, env ...string) *session {
	t.Helper()
	s := &session{t: t, b: b, dir: t.TempDir(), text: &lockedBuffer{}, known: maps.Clone(b.desc.Packages), fresh: map[string]string{}}
	maps.Copy(s.known, b.desc.Further)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	words := append(strings.Fields(*emulator), b.exe)
	s.cmd = exec.Command(words[0], words[1:]...)
	s.cmd.Dir = b.dir
	s.cmd.Env = append(os.Environ(), env...)
	s.cmd.Stdout, s.cmd.Stderr = s.text, s.text
	s.cmd.ExtraFiles = []*os.File{write}
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	s.out = json.NewDecoder(read)
	s.wait = sync.OnceValue(s.cmd.Wait)
	t.Cleanup(func() {
		s.end()
		read.Close()
	})
	if r := s.do(host.Command{Start: &b.desc}); r.Error != "" {
		t.Fatal(r.Error)
	}
	return s
}

// end ends the program and returns all that it printed.
func (s *session) end() (printed string, err error) {
	s.in.Close()
	stop := time.AfterFunc(2*time.Minute, func() { s.cmd.Process.Kill() })
	defer stop.Stop()
	err = s.wait()
	return s.text.String(), err
}

// do sends a command and waits for the answer.
func (s *session) do(c host.Command) (r host.Reply) {
	s.t.Helper()
	if err := json.NewEncoder(s.in).Encode(c); err != nil {
		s.t.Fatalf("the program has ended: %v\n%s", err, s.text)
	}
	answered := make(chan error, 1)
	go func() { answered <- s.out.Decode(&r) }()
	select {
	case err := <-answered:
		if err != nil {
			s.t.Fatalf("the program has ended: %v\n%s", err, s.text)
		}
	case <-time.After(3 * time.Minute):
		s.cmd.Process.Kill()
		s.t.Fatalf("the program does not answer\n%s", s.text)
	}
	return r
}

// compile compiles a cell. A line //PRELUDE stands for what earlier cells declared.
func (s *session) compile(source string) loader.Request {
	s.t.Helper()
	q, err := s.tryCompile(source)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, source)
	}
	return q
}

func (s *session) tryCompile(source string) (loader.Request, error) {
	source = strings.Replace(source, "//PRELUDE\n", s.prelude+"\n", 1)
	file := filepath.Join(s.dir, fmt.Sprintf("cell%d.go", s.cells+1))
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		return loader.Request{}, err
	}
	return s.compileFile(file, source)
}

// compileFile compiles a file whose text is known.
func (s *session) compileFile(file, source string) (loader.Request, error) {
	s.cells++
	base := filepath.Join(s.dir, fmt.Sprintf("cell%d", s.cells))
	imports, err := importsOf(source)
	if err != nil {
		return loader.Request{}, err
	}
	if err := s.list(imports); err != nil {
		return loader.Request{}, err
	}
	q := loader.Request{Object: base + ".a", Packages: s.fresh}
	s.fresh = map[string]string{}
	return q, s.b.tool.Compile(context.Background(), toolchain.Compilation{
		Package: loader.CellPackage, Sources: []string{file}, Archives: s.known, Output: base + ".a",
	})
}

// list finds the archives of packages that are not known yet.
func (s *session) list(imports []string) error {
	var unknown []string
	for _, path := range imports {
		if s.known[path] == "" && path != "unsafe" {
			unknown = append(unknown, path)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	listed, err := s.b.tool.List(context.Background(), s.b.module, unknown...)
	if err != nil {
		return err
	}
	for path, file := range toolchain.Archives(listed) {
		if s.known[path] == "" {
			s.known[path], s.fresh[path] = file, file
		}
	}
	return nil
}

// importsOf finds what a source imports.
func importsOf(source string) (imports []string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), "cell.go", source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	for _, i := range f.Imports {
		imports = append(imports, strings.Trim(i.Path.Value, "\"`"))
	}
	return imports, nil
}

// run compiles and loads a cell and runs its function Cell_N, or none.
func (s *session) run(source string) host.Reply {
	s.t.Helper()
	name := ""
	if _, rest, ok := strings.Cut(source, "func Cell_"); ok {
		n, _, _ := strings.Cut(rest, "(")
		name = "main.Cell_" + n
	}
	r := s.do(host.Command{Load: []loader.Request{s.compile(source)}, Run: []string{name}})
	if r.Error != "" {
		s.t.Fatalf("%s\n%s", r.Error, s.text)
	}
	return r
}
