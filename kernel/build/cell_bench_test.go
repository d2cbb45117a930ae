package build_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/worker"
	"locuslab/kernel/worker/workertest"
)

const helloCell = `package main

import "fmt"

var hello%[1]d = "hello"

func Cell_%[1]d() { fmt.Sprintln(hello%[1]d, %[1]d) }
`

const heavyCell = `package main

import "encoding/json"
import "fmt"
import "net/http"
import "strings"
import "github.com/go-gota/gota/dataframe"
import "gonum.org/v1/gonum/stat"

type row%[1]d struct{ A, B float64 }

var frame%[1]d dataframe.DataFrame
var request%[1]d *http.Request

func Cell_%[1]d() {
	var rows []row%[1]d
	if err := json.Unmarshal([]byte("[{\"A\":1,\"B\":2},{\"A\":3,\"B\":5}]"), &rows); err != nil {
		panic(err)
	}
	frame%[1]d = dataframe.LoadStructs(rows)
	request%[1]d, _ = http.NewRequest("GET", "http://localhost/", strings.NewReader("x"))
	fmt.Sprintln(frame%[1]d, stat.Mean(frame%[1]d.Col("A").Float(), nil), request%[1]d.Method, %[1]d)
}
`

// BenchmarkCell takes distinct cells from source to their end, and reports the
// medians of each step and the growth of the worker's memory per cell.
func BenchmarkCell(b *testing.B) {
	for _, kind := range []struct{ name, source string }{{"hello", helloCell}, {"heavy", heavyCell}} {
		b.Run(kind.name, func(b *testing.B) {
			e := workertest.New(b, "testdata/heavy")
			s := &workertest.Screen{}
			var compile, run []time.Duration
			before := 0
			id := 0
			one := func() {
				id++
				u := e.Unit(id, fmt.Sprintf(kind.source, id))
				o, err := e.Builder.Build(b.Context(), u)
				if err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				if _, err := e.Process.Run(b.Context(), worker.Run{ID: id, Path: o.Path, Packages: o.Packages, Names: o.Names, Locals: o.Locals}, s); err != nil {
					b.Fatal(err)
				}
				outcome, err := e.Process.Run(b.Context(), worker.Run{ID: id, Entry: e.Entry(id)}, s)
				if err != nil || outcome.Panic != nil {
					b.Fatal(err, outcome.Panic)
				}
				run = append(run, time.Since(start))
				compile = append(compile, o.Compile)
				e.Builder.Loaded(o)
			}
			for range 5 {
				one()
			}
			before = residentKB(b, e.Process.Pid())
			b.ResetTimer()
			for b.Loop() {
				one()
			}
			b.StopTimer()
			median := func(d []time.Duration) float64 {
				slices.Sort(d)
				return float64(d[len(d)/2]) / float64(time.Millisecond)
			}
			b.ReportMetric(median(compile), "compile-ms")
			b.ReportMetric(median(run), "run-ms")
			b.ReportMetric(float64(residentKB(b, e.Process.Pid())-before)/float64(id-5), "KB/cell")
		})
	}
}

func residentKB(t testing.TB, pid int) (kb int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb
}
