package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const dir = ".."

// TestUpToDate: the pictures are those that this code draws from what was measured.
func TestUpToDate(t *testing.T) {
	m, err := readMeasurements(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := pictures(m)
	if len(all) != 11 {
		t.Errorf("%d pictures, the tutorial has 11", len(all))
	}
	for name, d := range all {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != d.SVG() {
			t.Errorf("%s is out of date (%v): go generate ./img", name, err)
		}
	}
}

// TestInWords: each picture says in words what it shows, and no two say the same.
func TestInWords(t *testing.T) {
	m, err := readMeasurements(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for name, d := range pictures(m) {
		var doc struct {
			Label string `xml:"aria-label,attr"`
			Title string `xml:"title"`
			Desc  string `xml:"desc"`
		}
		if err := xml.Unmarshal([]byte(d.SVG()), &doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if doc.Label != doc.Title || len(strings.Fields(doc.Title)) < 3 || len(doc.Desc) < 40 {
			t.Errorf("%s: label %q, title %q, description %q", name, doc.Label, doc.Title, doc.Desc)
		}
		if other := seen[doc.Title]; other != "" {
			t.Errorf("%s and %s are both called %q", name, other, doc.Title)
		}
		seen[doc.Title] = name
	}
}

// TestMeasureWorks: each form of each work is timed, the first work with four numbers of rows and all with the most.
func TestMeasureWorks(t *testing.T) {
	found, err := measureWorks(2000, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(works)+3 {
		t.Fatalf("%d works were measured: %v", len(found), found)
	}
	for i, w := range found {
		if w.Name != works[max(i-3, 0)].name || w.Rows != 2000/[]int{1000, 100, 10, 1}[min(i, 3)] || min(w.Sequential.Runs, w.Parallel.Runs) < 50 {
			t.Errorf("measured as number %d: %+v", i, w)
		}
	}
}

func TestCalls(t *testing.T) {
	list, err := countCalls(filepath.Join("..", ".."))
	if err != nil || len(list) < 10 {
		t.Fatalf("%v, error %v", list, err)
	}
	for i, c := range list {
		if c.Count < 1 || i > 0 && c.Count > list[i-1].Count {
			t.Errorf("%v out of order", list)
		}
	}
}

// TestUnsettledMeasurementsAreRefused: no picture is drawn of what the next measurement could turn round.
func TestUnsettledMeasurementsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		w    work
		good bool
	}{
		"a gain, far apart":           {work{"median", 1, timing{100, 300, 310}, timing{100, 160, 190}}, true},
		"no gain, both settled":       {work{"sum", 1, timing{100, 9.4, 9.9}, timing{100, 9.5, 10}}, true},
		"no gain, and disturbed":      {work{"sum", 1, timing{100, 9.47, 14}, timing{100, 10.26, 11}}, false},
		"a gain within the spread":    {work{"median", 1, timing{100, 300, 420}, timing{100, 250, 260}}, false},
		"a loss within the spread":    {work{"median", 1, timing{100, 300, 310}, timing{100, 330, 400}}, false},
		"nothing was measured at all": {work{"median", 1, timing{}, timing{}}, false},
	} {
		err := measurements{Works: []work{c.w}}.settled()
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "-measure") {
			t.Errorf("%s: %q does not say what to do", name, err)
		}
	}
	if err := (measurements{}).settled(); err == nil {
		t.Error("measurements without any work are drawn")
	}
	if got := timingOf([][]float64{{5, 2, 9}, {3, 8, 7}, {6, 4, 1}}); got != (timing{9, 1, 3}) {
		t.Errorf("%+v", got)
	}
}
