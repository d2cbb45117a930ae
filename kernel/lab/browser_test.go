package lab_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/process/processtest"
)

// checkout is this project's folder, which lab shows.
const checkout = "../.."

// noAutosave keeps JupyterLab from saving the lessons that are run over those of
// the checkout.
func noAutosave(t *testing.T, p processtest.Program) {
	t.Helper()
	dir := filepath.Join(p.Home, ".cache", "locuslab", "jupyter-home", "config", "lab", "user-settings", "@jupyterlab", "docmanager-extension")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "plugin.jupyterlab-settings"), []byte(`{"autosave": false}`), 0o644); err != nil {
		t.Fatal(err)
	}
}

// figures are what cells of the lessons must show: the tutorial's own figures.
var figures = map[string]map[string][]string{
	"parallel-processing.ipynb": {
		"whitelabels":         {"Atom", "AdLoop", "Ocono"},
		"first-five":          {"1576", "1570", "1585", "1573", "1569", "COVID Ontario", "197152"},
		"frequencies":         {"week", "month"},
		"unique-counts":       {"12514", "51"},
		"top-codes":           {"63"},
		"more-than-100":       {"347 rows", "L0K1S0 562", "L0S1N0 525", "L4B4H6 475", "L0S1J0 473", "L0G1M0 471"},
		"income":              {"347 rows"},
		"first-five-parallel": {"1576", "1570", "1585", "1573", "1569"},
		"same":                {"by hand, the same: true", "in one line, the same: true"},
		"race-caught":         {"DATA RACE", "seen := total"},
		"race-gone":           {"no data race found"},
	},
	"in-python.ipynb": {
		"first-five":    {"1576", "1570", "1585", "1573", "1569"},
		"unique-counts": {"12514", "51"},
		"top-codes":     {"63"},
		"more-than-100": {"347 rows", "L0K1S0 562"},
		"same":          {"True"},
	},
	"on-a-cluster.ipynb": {
		"data":         {"1000000 rows:", "2000000 rows:"},
		"cluster":      {"Spark 4."},
		"here":         {"0 L0000 1794 1 L0001 1811 2 L0002 1421 3 L0003 1729 4 L0004 1701"},
		"same":         {"the same: true"},
		"median":       {"0 L0000 27 28 8.825035 1 L0001 26 27 8.64503"},
		"measure":      {"1000000 ", "2000000 ", " s"},
		"reckoning":    {"would win from"},
		"cancelled":    {"given up: true"},
		"no-such-file": {"/no/such/visits.parquet", "PATH_NOT_FOUND"},
	},
	"gonb-fetch.ipynb": {
		"fetch": {"COVID Ontario", "the same: true"},
	},
}

var everyLesson = flag.Bool("every-lesson", false, "run every lesson in the browser, not only those that nothing else runs and one that changes by the day")

// byTurns are the lessons that other tests run without a browser: those of package kernel, which compare
// cell by cell, that of the cluster without Java, and the conformance tests that for gonb. In the browser they take
// turns, by the day.
var byTurns = []string{"aggregates.ipynb", "fetching-well.ipynb", "gonb-fetch.ipynb", "kernel-tour.ipynb", "on-a-cluster.ipynb", "parallel-processing.ipynb"}

// wanted reports whether a lesson is run in the browser today.
func wanted(name string) bool {
	i := slices.Index(byTurns, name)
	return i < 0 || i == time.Now().YearDay()%len(byTurns) || *everyLesson || name == "parallel-processing.ipynb" && *screenshot != ""
}

// testLessonsInBrowser opens each lesson, runs all its cells by the menu and reads
// what the page shows.
func testLessonsInBrowser(t *testing.T, l *labRun) {
	files, err := filepath.Glob(filepath.Join(checkout, "notebooks", "*.ipynb"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%d lessons, error %v", len(files), err)
	}
	// What takes longest comes first.
	slices.SortStableFunc(files, func(a, b string) int { return startOrder(a) - startOrder(b) })
	for _, file := range files {
		name := filepath.Base(file)
		if !wanted(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testLesson(t, l, name)
		})
	}
}

// startOrder is where a lesson stands among those that are to be run.
func startOrder(file string) int {
	switch filepath.Base(file) {
	case "parallel-processing.ipynb", "on-a-cluster.ipynb":
		return 0
	}
	return 1
}

func testLesson(t *testing.T, l *labRun, name string) {
	t.Helper()
	page := openNotebook(t, l, checkout, "notebooks/"+name)
	page.runAll()
	page.noFailures()
	for id, wants := range figures[name] {
		got := strings.Join(strings.Fields(page.output(id)), " ")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("cell %s does not show %q:\n%s", id, want, got)
			}
		}
	}
	if _, timed := figures[name]["first-five"]; timed {
		one, many := page.wallTime("connections-sequential"), page.wallTime("connections-parallel")
		t.Logf("one after another %v, eight at a time %v: %.1f times as fast", one, many, one.Seconds()/many.Seconds())
		if one < 2*many { // the other tests' work on this machine is in both
			t.Errorf("one after another took %v and eight at a time %v, which is not even twice as fast", one, many)
		}
	}
	if name == "parallel-processing.ipynb" && *screenshot != "" {
		page.showBothFetches("connections-sequential", "first-five", "Eight at a time")
		page.picture(*screenshot)
	}
}

var wallTime = regexp.MustCompile(`Wall time: ([0-9.]+) ?(s|ms)\b`)

// wallTime is what %%time says of a cell.
func (p *notebookPage) wallTime(id string) time.Duration {
	p.t.Helper()
	found := wallTime.FindStringSubmatch(p.output(id))
	if found == nil {
		p.t.Fatalf("cell %s shows no wall time:\n%s", id, p.output(id))
	}
	d, err := time.ParseDuration(found[1] + found[2])
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}
