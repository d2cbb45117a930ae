package fetch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"locuslab/locuskit"
	"locuslab/locuskit/locus/fetch"
	"locuslab/locuskit/locustest"
	"locuslab/locuskit/table"
)

// fetched runs the command against a service.
func fetched(t *testing.T, url string, stdout io.Writer, args ...string) error {
	t.Helper()
	t.Setenv("LOCUS_URL", url)
	t.Setenv("API_TOKEN", "token-of-the-test")
	cmd := fetch.New()
	cmd.SetArgs(append([]string{"connections", "--quiet", "--attempts", "1"}, args...))
	cmd.SetOut(stdout)
	cmd.SetErr(io.Discard)
	return cmd.ExecuteContext(t.Context())
}

// many is a service of many connections, each with a long description. The first whitelabel is answered when all others
// have been.
type many struct {
	whitelabels, each int
	broken            func(whitelabel int) bool
	late              func() // is called before the first whitelabel is answered
	last              func() // is called before the last whitelabel is answered

	mu       sync.Mutex
	answered map[int]bool
	all      chan struct{} // is closed when all but the first have been answered
}

func (m *many) start(t *testing.T) string {
	m.answered, m.all = map[int]bool{}, make(chan struct{})
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return server.URL
}

func (m *many) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	out := json.NewEncoder(w)
	wl, err := strconv.Atoi(r.URL.Query().Get("whitelabel"))
	if err != nil {
		list := make([]locuskit.Whitelabel, m.whitelabels)
		for i := range list {
			list[i] = locuskit.Whitelabel{ID: i + 1, Company: fmt.Sprint("company ", i+1)}
		}
		_ = out.Encode(list)
		return
	}
	if m.broken != nil && m.broken(wl) {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if wl == 1 && m.late != nil {
		select {
		case <-m.all:
			m.late()
		case <-r.Context().Done():
			return
		}
	}
	if wl == m.whitelabels && m.last != nil {
		m.last()
	}
	list := make([]locuskit.Connection, m.each)
	for i := range list {
		columns := fmt.Sprintf(`{"n":"%s"}`, strings.Repeat(fmt.Sprint(wl, ",", i, " "), 150))
		list[i] = locuskit.Connection{ID: wl*1000 + i, Whitelabel: wl, Columns: locuskit.Columns(columns), Name: "a name", Records: i}
	}
	_ = out.Encode(list)
	m.mu.Lock()
	defer m.mu.Unlock()
	if wl > 1 && !m.answered[wl] {
		if m.answered[wl] = true; len(m.answered) == m.whitelabels-1 {
			close(m.all)
		}
	}
}

var readers = map[string]func(t *testing.T, path string) (table.Table, error){
	"csv":     func(t *testing.T, path string) (table.Table, error) { return table.ReadCSV(t.Context(), path) },
	"json":    func(t *testing.T, path string) (table.Table, error) { return table.ReadJSON(t.Context(), path) },
	"parquet": func(t *testing.T, path string) (table.Table, error) { return table.ReadParquet(t.Context(), path) },
	"arrow":   func(t *testing.T, path string) (table.Table, error) { return table.ReadIPC(t.Context(), path) },
}

// The list is some 80 MB in memory, as a table as much again.
const (
	longWhitelabels, longEach = 600, 100
	longBound                 = 40 << 20
)

// TestMemoryStaysSmall looks at what is alive when all but the last of a long list is there.
func TestMemoryStaysSmall(t *testing.T) {
	for format, read := range readers {
		t.Run(format, func(t *testing.T) {
			before := liveBytes()
			var written atomic.Int64
			url := (&many{whitelabels: longWhitelabels, each: longEach, last: func() { written.Store(liveBytes() - before) }}).start(t)
			path := filepath.Join(t.TempDir(), "c."+format)
			if err := fetched(t, url, io.Discard, "-o", path); err != nil {
				t.Fatal(err)
			}
			if n := written.Load(); n == 0 || n > longBound {
				t.Errorf("%d MB are alive", n>>20)
			}
			got, err := read(t, path)
			if err != nil {
				t.Fatal(err)
			}
			ids, _, err := got.Ints("id")
			if err != nil || len(ids) != longWhitelabels*longEach || ids[0] != 1000 || !slices.IsSorted(ids) {
				t.Errorf("%d connections, sorted: %v, error %v", len(ids), slices.IsSorted(ids), err)
			}
			texts, err := got.Strings("columns")
			if err != nil || len(texts[len(texts)-1]) < 1000 {
				t.Errorf("columns are not whole, error %v", err)
			}
		})
	}
}

// TestMemoryStaysSmallWhileAllWait has the first answer come last, so that all others have to wait for it.
func TestMemoryStaysSmallWhileAllWait(t *testing.T) {
	before := liveBytes()
	var waiting atomic.Int64
	url := (&many{whitelabels: longWhitelabels, each: longEach, late: func() { waiting.Store(liveBytes() - before) }}).start(t)
	lines := 0
	count := writerFunc(func(p []byte) (int, error) {
		lines += bytes.Count(p, []byte("\n"))
		return len(p), nil
	})
	if err := fetched(t, url, count); err != nil {
		t.Fatal(err)
	}
	if n := waiting.Load(); n == 0 || n > longBound {
		t.Errorf("%d MB are alive", n>>20)
	}
	if lines != 1+longWhitelabels*longEach {
		t.Errorf("%d lines", lines)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// liveBytes is what is on the heap and in use.
func liveBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestStreamsWriteWhatTheListIs compares with what the list, which is in memory, is written as.
func TestStreamsWriteWhatTheListIs(t *testing.T) {
	s := locustest.New(locustest.Speed(10_000))
	defer s.Close()
	c, err := locuskit.New(locuskit.WithURL(s.URL), locuskit.WithToken(s.Token), locuskit.WithProgress(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	list, err := c.Whitelabels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.ConnectionsParallel(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	tab, err := all.Table()
	if err != nil {
		t.Fatal(err)
	}
	var asCSV, asJSON bytes.Buffer
	if err := tab.WriteCSV(t.Context(), &asCSV); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(&asJSON).Encode(all); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{"csv": asCSV.String(), "json": asJSON.String()} {
		for _, workers := range []string{"1", "16"} {
			if got, err := run(t, "connections", "--workers", workers, "--format", format, "--quiet"); err != nil || got != want {
				t.Errorf("%s with %s workers: %d bytes, the list has %d; error %v", format, workers, len(got), len(want), err)
			}
		}
	}
	for _, format := range []string{"parquet", "arrow"} {
		path := filepath.Join(t.TempDir(), "c."+format)
		if _, err := run(t, "connections", "-o", path); err != nil {
			t.Fatal(err)
		}
		got, err := readers[format](t, path)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := got.WriteCSV(t.Context(), &text); err != nil || text.String() != asCSV.String() {
			t.Errorf("%s: %d bytes as CSV, the list has %d; error %v", format, text.Len(), asCSV.Len(), err)
		}
	}
}

// TestResumeWritesTheSameFile breaks a fetch off and runs it again.
func TestResumeWritesTheSameFile(t *testing.T) {
	for format := range readers {
		dir := t.TempDir()
		whole, resumed, checkpoint := filepath.Join(dir, "whole."+format), filepath.Join(dir, "resumed."+format), filepath.Join(dir, "ckpt")
		var broken atomic.Bool
		var asked atomic.Int64
		m := &many{whitelabels: 60, each: 7, broken: func(wl int) bool {
			asked.Add(1)
			return broken.Load() && wl == 41
		}}
		url := m.start(t)
		if err := fetched(t, url, io.Discard, "-o", whole); err != nil {
			t.Fatal(err)
		}
		broken.Store(true)
		if err := fetched(t, url, io.Discard, "-o", resumed, "--checkpoint", checkpoint); err == nil || !strings.Contains(err.Error(), "41") {
			t.Fatalf("%s: broken off with %v", format, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 2 { // the whole one and the checkpoint
			t.Errorf("%s: broken off, there are %v, error %v", format, left, err)
		}
		broken.Store(false)
		asked.Store(0)
		if err := fetched(t, url, io.Discard, "-o", resumed, "--checkpoint", checkpoint); err != nil {
			t.Fatal(err)
		}
		if n := asked.Load(); n > 20+8 { // eight were under way
			t.Errorf("%s: %d of 60 whitelabels are asked for again, the first 40 were there", format, n)
		}
		a, err1 := os.ReadFile(whole)
		b, err2 := os.ReadFile(resumed)
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: resumed, the file has %d bytes, not those %d: %v, %v", format, len(b), len(a), err1, err2)
		}
	}
}

// TestNothingIncompleteIsWritten: what cannot be taken back is written once all is there.
func TestNothingIncompleteIsWritten(t *testing.T) {
	url := (&many{whitelabels: 60, each: 7, broken: func(wl int) bool { return wl == 59 }}).start(t)
	for format := range readers {
		var out bytes.Buffer
		if err := fetched(t, url, &out, "--format", format); err == nil || out.Len() > 0 {
			t.Errorf("%s: a fetch that failed has written %d bytes, error %v", format, out.Len(), err)
		}
	}
	path := filepath.Join(t.TempDir(), "c.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := fetched(t, url, io.Discard, "-o", path)
	if text, _ := os.ReadFile(path); err == nil || string(text) != "old" || strings.Contains(err.Error(), "write ") {
		t.Errorf("a fetch that failed left %q, error %v", text, err)
	}
	// With --partial all others are there, in their order.
	if err := fetched(t, url, io.Discard, "-o", path, "--partial"); err == nil {
		t.Error("it is complete, it says")
	}
	got, err := table.ReadCSV(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, err := got.Ints("id"); err != nil || len(ids) != 59*7 || !slices.IsSorted(ids) {
		t.Errorf("%d connections, sorted: %v, error %v", len(ids), slices.IsSorted(ids), err)
	}
}

// TestNoConnections: a file has its columns without any rows.
func TestNoConnections(t *testing.T) {
	url := (&many{whitelabels: 3}).start(t)
	for format, read := range readers {
		path := filepath.Join(t.TempDir(), "c."+format)
		if err := fetched(t, url, io.Discard, "-o", path); err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if got, err := read(t, path); err != nil || got.Rows() != 0 || format != "json" && len(got.Columns()) != 13 {
			t.Errorf("%s: %v, error %v", format, got, err)
		}
	}
}

// TestAFullDiskIsAnError writes to a device that takes nothing.
func TestAFullDiskIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	url := (&many{whitelabels: 3, each: 2}).start(t)
	for format := range readers {
		if err := fetched(t, url, io.Discard, "-o", "/dev/full", "--format", format); err == nil || !strings.Contains(err.Error(), "no space") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
