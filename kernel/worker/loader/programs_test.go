package loader_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

var programFiles = flag.String("programs", "testdata/programs", "a folder of programs, in a module of its own perhaps")

// TestPrograms loads each program of a folder whole, as one cell. It must print what it
// prints when it is built and run.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(*programFiles, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no programs: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
			defer cancel()
			start := time.Now()
			exe := filepath.Join(t.TempDir(), "program")
			build := exec.CommandContext(ctx, "go", "build", "-o", exe, filepath.Base(file))
			build.Dir = *programFiles
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+machine())
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			built, builtCPU := time.Since(start), build.ProcessState.UserTime()+build.ProcessState.SystemTime()
			words := append(strings.Fields(*emulator), exe)
			want, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, want)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := program()
			if err != nil {
				t.Fatal(err)
			}
			there := *b
			there.module = *programFiles
			s := startProgram(t, &there)
			start = time.Now()
			q := s.compile(string(text))
			compiled := time.Since(start)
			if err := json.NewEncoder(s.in).Encode(host.Command{Load: []loader.Request{q}, Run: []string{"main.main"}}); err != nil {
				t.Fatal(err)
			}
			var r host.Reply
			if err := s.out.Decode(&r); err != nil || r.Error != "" {
				t.Fatalf("%v %s\n%s", err, r.Error, s.text)
			}
			if got, err := s.end(); got != string(want) || err != nil {
				t.Errorf("as a cell it printed\n%s\nbuilt and run\n%s", got, want)
			}
			t.Logf("go build %v (processor %v); listed and compiled %v, loaded %v (processor %v)", built, builtCPU, compiled, r.LoadTime, r.LoadCPU)
		})
	}
}
