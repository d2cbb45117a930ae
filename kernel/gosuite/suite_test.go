package gosuite

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
)

var (
	wholeSuite  = flag.Bool("whole", false, "run all programs of Go's suite, not only a sample")
	seed        = flag.Uint64("seed", 0, "which sample of Go's suite to run; 0 for another one each day")
	sampleSize  = flag.Int("sample", 15, "how many programs of Go's suite the sample has")
	programs    = flag.String("program", "", "run the programs of Go's suite whose names match this regular expression, all of them")
	wayNames    = flag.String("ways", "", "only these ways, joined by commas")
	resultsFile = flag.String("results", "", "append each result to this file, and leave out what it says has passed")
	rootFolder  = flag.String("root", "", "run the programs below this folder, written as those of Go's suite, in place of them")
	limit       = flag.Duration("limit", 2*time.Minute, "how long a program may take in one way")
)

const (
	unfitFile = "unfit.txt"
	knownFile = "known.txt"
)

// suite lists Go's programs; none where the distribution has no test suite.
func suite(t *testing.T) []Program {
	t.Helper()
	root := *rootFolder
	if root == "" {
		out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		root = filepath.Join(strings.TrimSpace(string(out)), "test")
	}
	if _, err := os.Stat(root); errors.Is(err, os.ErrNotExist) {
		t.Logf("this distribution of Go has no test suite: there is no folder %s", root)
		return nil
	}
	list, err := Programs(root)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestGoSuite runs a sample of Go's own test suite as cells, or all of it.
func TestGoSuite(t *testing.T) {
	r := newRunner(t)
	chosen := r.choose(t, suite(t))
	if len(chosen) == 0 {
		return
	}
	var err error
	if r.imports, err = NewImporter(t.Context(), chosen); err != nil {
		t.Fatal(err)
	}
	r.spec = kernelSpec(t)
	r.module = t.TempDir()
	if err := os.WriteFile(filepath.Join(r.module, "go.mod"), []byte("module example.org/cells\n\ngo 1.26\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := runCells(t.Context(), r.spec, r.module, []string{"1"}, false); err != nil { // builds the worker, once for all
		t.Fatal(err)
	}
	start := time.Now()
	var done atomic.Int32
	t.Run("programs", func(t *testing.T) {
		for _, p := range chosen {
			t.Run(p.Name, func(t *testing.T) {
				t.Parallel()
				r.program(t, p)
				if n := done.Add(1); n%25 == 0 && testing.Verbose() {
					fmt.Fprintf(os.Stderr, "%d of %d programs after %v\n", n, len(chosen), time.Since(start).Round(time.Second))
				}
			})
		}
	})
	t.Logf("%d programs in %v\n%s", len(chosen), time.Since(start).Round(time.Second), r.results.table(r.ways))
}

// A runner is what all programs share.
type runner struct {
	ways         []Way
	unfit, known *list
	imports      *Importer
	spec         client.Spec
	module       string // a folder with a module, in which each notebook has a folder
	results      *results
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{}
	var errUnfit, errKnown, errResults error
	r.unfit, errUnfit = readList(unfitFile)
	r.known, errKnown = readList(knownFile)
	r.results, errResults = openResults(*resultsFile)
	if err := errors.Join(errUnfit, errKnown, errResults); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.results.close(); err != nil {
			t.Error(err)
		}
	})
	for _, w := range Ways {
		if *wayNames == "" || slices.Contains(strings.Split(*wayNames, ","), w.Name) {
			r.ways = append(r.ways, w)
		}
	}
	return r
}

// choose is the programs that the flags ask for.
func (r *runner) choose(t *testing.T, all []Program) []Program {
	t.Helper()
	switch {
	case *programs != "":
		pattern, err := regexp.Compile(*programs)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(all, func(p Program) bool { return !pattern.MatchString(p.Name) })
	case *wholeSuite:
		return all
	}
	// What is listed would tell nothing here.
	all = slices.DeleteFunc(all, func(p Program) bool {
		return r.unfit.entries[p.Name].reason != "" || r.known.entries[p.Name].reason != ""
	})
	if *seed == 0 {
		*seed = uint64(time.Now().Unix() / (24 * 60 * 60))
	}
	t.Logf("a sample of %d of %d programs: -args -seed %d", min(*sampleSize, len(all)), len(all), *seed)
	random := rand.New(rand.NewPCG(*seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(*sampleSize, len(all))]
}

// program runs one program in all ways.
func (r *runner) program(t *testing.T, p Program) {
	var ref *reference
	var want *printed
	for _, w := range r.ways {
		if reason := r.unfit.reason(p.Name, w.Name); reason != "" {
			r.results.add(result{p.Name, w.Name, unfit, reason})
			continue
		}
		if r.results.passedBefore(p.Name, w.Name) {
			continue
		}
		cells, err := w.Cells(p, r.imports)
		var no *NotCut
		if errors.As(err, &no) {
			r.results.add(result{p.Name, w.Name, uncut, no.Reason})
			continue
		}
		if err == nil && ref == nil {
			ref, want, err = r.reference(t, p)
		}
		if err != nil {
			t.Error(err)
			r.results.add(result{p.Name, w.Name, failed, err.Error()})
			return
		}
		complaint := r.way(t, w, cells, ref, want)
		r.judge(t, p, w, complaint)
	}
}

func (r *runner) reference(t *testing.T, p Program) (*reference, *printed, error) {
	ctx, cancel := context.WithTimeout(t.Context(), *limit)
	defer cancel()
	ref, err := buildReference(ctx, p, t.TempDir())
	if err != nil {
		return nil, nil, err
	}
	want, err := ref.run(ctx)
	if err == nil && want.status != 0 {
		err = fmt.Errorf("under plain Go it ends with status %d: if that is meant, it belongs into %s\n%s", want.status, unfitFile, want.stderr)
	}
	return ref, want, err
}

// way runs a program's cells and says in which way that is not what Go does.
func (r *runner) way(t *testing.T, w Way, cells []string, ref *reference, want *printed) (complaint string) {
	ctx, cancel := context.WithTimeout(t.Context(), *limit)
	defer cancel()
	dir, err := os.MkdirTemp(r.module, w.Name)
	if err != nil {
		t.Fatal(err)
	}
	got, err := runCells(ctx, r.spec, dir, cells, w.RunAll)
	if err != nil {
		complaint = err.Error() + "\n"
	}
	if got != nil {
		complaint += difference(want, got)
	}
	if complaint == "" {
		return ""
	}
	if again, err := ref.run(ctx); err == nil && difference(want, again) != "" {
		complaint += "under plain Go it does not print the same each time: it belongs into " + unfitFile + "\n"
	}
	return complaint
}

// judge notes what came of a program in one way.
func (r *runner) judge(t *testing.T, p Program, w Way, complaint string) {
	reason := r.known.reason(p.Name, w.Name)
	switch {
	case reason != "" && complaint == "":
		t.Errorf("%s: passes now: take it from %s", w.Name, knownFile)
		r.results.add(result{p.Name, w.Name, failed, "passes, but is listed as known to fail"})
	case reason != "":
		r.results.add(result{p.Name, w.Name, known, reason})
	case complaint != "":
		t.Errorf("%s: %s", w.Name, complaint)
		r.results.add(result{p.Name, w.Name, failed, complaint})
	default:
		r.results.add(result{p.Name, w.Name, passed, ""})
	}
}
