package table_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"locuslab/kernel/lab/python"
	"locuslab/locuskit/table"
)

// corpusFile is a file that came with a Go module or a Python package, and what testdata/corpus.py says of it.
type corpusFile struct {
	File    string
	Why     string // Python cannot read it
	Names   []string
	Columns [][]*string
}

// refusals are why files are refused that other readers take, each for a reason.
var refusals = []string{
	"fields and the header", // a ragged CSV
	"is not UTF-8",          //
	"is not a", "is not an", // a JSON column of several kinds
	"it starts with",                 // JSON that is no list of objects
	"where an object was expected",   //
	"is nested",                      // nested Parquet
	"which no column of a table is",  //
	"text follows the closing quote", //
	"twice",                          // a name in a JSON object
	"a carriage return stands alone", //
	"the file is empty",              //
	"more behind the list's end",     //
	"compressed as Arrow 0.17 did",
	"no magic", "invalid", "Feather", "V1", // formats of before Arrow's
}

// TestFilesThatOthersShip reads what data files the modules of this project and the Python packages of the bench have,
// and compares every value with what Python's own readers and pyarrow say.
func TestFilesThatOthersShip(t *testing.T) {
	interpreter, err := python.Environment(t.Context(), os.Stderr, python.Files...)
	if err != nil {
		t.Fatal(err)
	}
	folders := []string{filepath.Join(filepath.Dir(interpreter), "..", "lib")}
	modules, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/apache/arrow-go/v18", "gonum.org/v1/gonum", "github.com/go-gota/gota", "golang.org/x/text").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders = append(folders, strings.Fields(string(modules))...)
	script := exec.CommandContext(t.Context(), interpreter, append([]string{filepath.Join("testdata", "corpus.py")}, folders...)...)
	var said bytes.Buffer
	script.Stderr = &said
	out, err := script.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 256<<20)
	read, columns, values := 0, 0, 0
	for lines.Scan() {
		var f corpusFile
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		tab, err := f.read(t)
		switch {
		case err == nil && f.Why != "":
			t.Logf("%s: read, which Python does not (%s)", f.File, f.Why)
		case err == nil:
			read, columns = read+1, columns+len(f.Names)
			values += f.compare(t, tab)
		case f.Why != "":
			t.Logf("%s: refused: %v; Python: %s", f.File, err, f.Why)
		case !knownRefusal(err) || strings.Contains(err.Error(), "damaged"):
			t.Errorf("%s: refused: %v", f.File, err)
		default:
			t.Logf("%s: refused: %v", f.File, err)
		}
	}
	t.Logf("%d files, %d columns and %d values are equal", read, columns, values)
	if read < 40 || values < 10_000 {
		t.Errorf("only %d files with %d values were compared", read, values)
	}
}

func knownRefusal(err error) bool {
	for _, r := range refusals {
		if strings.Contains(err.Error(), r) {
			return true
		}
	}
	return false
}

func (f corpusFile) read(t *testing.T) (table.Table, error) {
	switch filepath.Ext(f.File) {
	case ".csv":
		return table.ReadCSVParallel(t.Context(), f.File, table.Workers(2))
	case ".json":
		return table.ReadJSON(t.Context(), f.File)
	case ".parquet":
		return table.ReadParquet(t.Context(), f.File)
	}
	return table.ReadIPC(t.Context(), f.File)
}

// compare compares all values and says how many there are.
func (f corpusFile) compare(t *testing.T, tab table.Table) int {
	if len(tab.Columns()) != len(f.Names) || len(f.Columns) > 0 && tab.Rows() != len(f.Columns[0]) {
		t.Errorf("%s: columns %q of %d rows, want %q of %d", f.File, tab.Columns(), tab.Rows(), f.Names, len(f.Columns[0]))
		return 0
	}
	for k, name := range tab.Columns() {
		for i, row := range tab.All() {
			if v, want := row.Value(name), f.Columns[k][i]; !f.same(v, want) {
				t.Errorf("%s: column %q, row %d: %v (%T), want %s", f.File, name, i+1, v, v, orNull(want))
				break
			}
		}
	}
	return len(f.Names) * tab.Rows()
}

func (f corpusFile) same(v any, want *string) bool {
	if filepath.Ext(f.File) == ".csv" {
		return sameAsText(v, *want)
	}
	switch got := shownValue(v); {
	case want == nil || got == nil:
		return want == nil && got == nil
	case (*want)[0] == 'j':
		var a, b any
		return json.Unmarshal([]byte((*got)[1:]), &a) == nil && json.Unmarshal([]byte((*want)[1:]), &b) == nil && reflect.DeepEqual(a, b)
	case (*want)[0] == 'i' && (*got)[0] == 'f': // beside floats
		i, err := strconv.ParseFloat((*want)[1:], 64)
		return err == nil && i == v.(float64)
	default:
		return sameShown(*got, *want)
	}
}

// sameAsText reports whether a value of a CSV file is what is written there, without loss.
func sameAsText(v any, text string) bool {
	number := strings.Trim(text, " \t")
	switch v := v.(type) {
	case nil:
		return text == ""
	case string:
		return v == strings.ReplaceAll(text, "\r\n", "\n") || v == text
	case int64:
		return strconv.FormatInt(v, 10) == number
	case float64:
		w, err := strconv.ParseFloat(number, 64)
		return (w == v || w != w && v != v) && (err == nil || number != "")
	default:
		return strings.EqualFold(fmt.Sprint(v), text)
	}
}
