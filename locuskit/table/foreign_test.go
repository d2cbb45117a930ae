package table_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"locuslab/kernel/lab/python"
	"locuslab/locuskit/table"
)

// foreignFile is a file that another program wrote and what testdata/foreign.py says of it.
type foreignFile struct {
	File    string
	Only    []string // columns to read; all where there are none
	Says    []string // in the error, where there must be one
	Names   []string
	Columns [][]*string
}

// TestFilesOfOthersAreRead reads what pyarrow, pandas, Polars and DuckDB write, in every encoding, compression
// and layout that they have, whole and on several goroutines.
func TestFilesOfOthersAreRead(t *testing.T) {
	interpreter, err := python.Environment(t.Context(), os.Stderr, python.Files...)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), interpreter, filepath.Join("testdata", "foreign.py"), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	index, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	lines := bufio.NewScanner(index)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var f foreignFile
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprint(f.File, f.Only), func(t *testing.T) { f.check(t, filepath.Join(dir, f.File)) })
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func (f foreignFile) check(t *testing.T, path string) {
	only := table.Except()
	if f.Only != nil {
		only = table.Only(f.Only...)
	}
	reads := map[string]func() (table.Table, error){"IPC": func() (table.Table, error) { return table.ReadIPC(t.Context(), path) }}
	if strings.HasSuffix(path, ".parquet") {
		reads = map[string]func() (table.Table, error){
			"one": func() (table.Table, error) { return table.ReadParquet(t.Context(), path, only) },
			"several": func() (table.Table, error) {
				return table.ReadParquetParallel(t.Context(), path, only, table.Workers(3))
			},
		}
	}
	for how, read := range reads {
		tab, err := read()
		if f.Says != nil {
			for _, says := range append(f.Says, path) {
				if err == nil || !strings.Contains(err.Error(), says) {
					t.Errorf("%s: error %v, want %q in it", how, err, says)
				}
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", how, err)
			continue
		}
		f.compare(t, how, tab)
	}
}

func (f foreignFile) compare(t *testing.T, how string, tab table.Table) {
	if fmt.Sprintf("%q", tab.Columns()) != fmt.Sprintf("%q", f.Names) || len(f.Columns) > 0 && tab.Rows() != len(f.Columns[0]) {
		t.Errorf("%s: columns %q of %d rows, want %q of %d", how, tab.Columns(), tab.Rows(), f.Names, len(f.Columns[0]))
		return
	}
	for k, name := range f.Names {
		for i, row := range tab.Select(name).All() {
			got, want := shownValue(row.Value(name)), f.Columns[k][i]
			if got == nil && want == nil || got != nil && want != nil && sameShown(*got, *want) {
				continue
			}
			t.Errorf("%s: column %q, row %d: %s, want %s", how, name, i+1, orNull(got), orNull(want))
			break
		}
	}
}

func orNull(s *string) string {
	if s == nil {
		return "null"
	}
	return fmt.Sprintf("%.300q", *s)
}

// shownValue returns a value as foreign.py shows it.
func shownValue(v any) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		s = "b" + strconv.FormatBool(v)
	case int64:
		s = "i" + strconv.FormatInt(v, 10)
	case float64:
		s = "f" + strconv.FormatFloat(v, 'x', -1, 64)
	case string:
		s = "s" + v
	}
	return &s
}

// idleZeros end the fraction of a second, and say nothing.
var idleZeros = regexp.MustCompile(`(?:\.|(\.\d*[1-9]))0+\b`)

func sameShown(got, want string) bool {
	switch {
	case got == want:
		return true
	case got[0] == 'f' && want[0] == 'f':
		a, errA := strconv.ParseFloat(got[1:], 64)
		b, errB := strconv.ParseFloat(want[1:], 64)
		return errA == nil && errB == nil && (a == b || a != a && b != b)
	}
	return got[0] == 's' && want[0] == 't' && idleZeros.ReplaceAllString(got[1:], "$1") == idleZeros.ReplaceAllString(want[1:], "$1")
}
