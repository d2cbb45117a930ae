package fetch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"locuslab/locuskit/locus/fetch"
	"locuslab/locuskit/locustest"
	"locuslab/locuskit/table"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run returns the command with a service of its own.
func run(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	s := locustest.New(locustest.Speed(10_000))
	defer s.Close()
	t.Setenv("LOCUS_URL", s.URL)
	t.Setenv("API_TOKEN", s.Token)
	var out bytes.Buffer
	cmd := fetch.New()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err = cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestToStandardOutput(t *testing.T) {
	for _, c := range []struct {
		args  []string
		lines int
		first string
	}{
		{[]string{"whitelabels"}, 121, "whitelabelid,company"},
		{[]string{"connections", "--workers", "16"}, 2532, "id,set_id,set_name,columns,whitelabel,customer,type,name,created,updated,last_sync,is_syncing,records"},
		{[]string{"dataset", "2163"}, 0, "geo_id,poi_id,visits,visitors"},
		{[]string{"outlines", "L0K1S0"}, 1, ""},
	} {
		out, err := run(t, c.args...)
		if err != nil {
			t.Errorf("%v: %v", c.args, err)
			continue
		}
		if n := strings.Count(out, "\n"); c.lines != 0 && n != c.lines {
			t.Errorf("%v: %d lines, want %d", c.args, n, c.lines)
		}
		if first, _, _ := strings.Cut(out, "\n"); c.first != "" && first != c.first {
			t.Errorf("%v: first line %q, want %q", c.args, first, c.first)
		}
	}
}

func TestToFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "connections.json")
	if out, err := run(t, "connections", "-o", path); err != nil || out != "" {
		t.Fatalf("printed %q, error %v", out, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal(text, &rows); err != nil || rows[0]["id"] != float64(1576) {
		t.Errorf("first row %v, error %v", rows[0], err)
	}
}

// TestEveryFormatHasTheSameRows writes each subject in each format and reads it back.
func TestEveryFormatHasTheSameRows(t *testing.T) {
	dir := t.TempDir()
	ctx := t.Context()
	for _, c := range []struct {
		args    []string
		rows    int
		columns string
	}{
		{[]string{"whitelabels"}, 120, "whitelabelid,company"},
		{[]string{"connections"}, 2531, "id,set_id,set_name,columns,whitelabel,customer,type,name,created,updated,last_sync,is_syncing,records"},
		{[]string{"frequencies", "2163"}, 6, "date_range_type,date_type,start_date,end_date"},
		{[]string{"dataset", "2163", "--from", "2020-01-01", "--to", "2020-01-31"}, 23174, "geo_id,poi_id,visits,visitors"},
		{[]string{"outlines", "L0K1S0", "L0S1N0"}, 2, "geo_id,geometry"},
		{[]string{"enrichments", "demographic"}, 3, "enrichment"},
		{[]string{"enrich", "demographic", "Household Income", "L0K1S0", "L0S1N0"}, 2, "geo_id,average_household_income,median_household_income"},
	} {
		for format, read := range map[string]func(string) (table.Table, error){
			"csv":     func(path string) (table.Table, error) { return table.ReadCSV(ctx, path) },
			"parquet": func(path string) (table.Table, error) { return table.ReadParquet(ctx, path) },
			"arrow":   func(path string) (table.Table, error) { return table.ReadIPC(ctx, path) },
		} {
			path := filepath.Join(dir, c.args[0]+"."+format)
			if out, err := run(t, append(c.args, "-o", path)...); err != nil || out != "" {
				t.Errorf("%v as %s: printed %q, error %v", c.args, format, out, err)
				continue
			}
			tab, err := read(path)
			if err != nil || tab.Rows() != c.rows || strings.Join(tab.Columns(), ",") != c.columns {
				t.Errorf("%v as %s: %d rows of %v, error %v", c.args, format, tab.Rows(), tab.Columns(), err)
			}
		}
		out, err := run(t, append(c.args, "--format", "json")...)
		if err != nil || !json.Valid([]byte(out)) || strings.HasPrefix(out, "null") {
			t.Errorf("%v as JSON: %.80s, error %v", c.args, out, err)
		}
	}
}

func TestCodesFromStandardInput(t *testing.T) {
	s := locustest.New(locustest.Speed(10_000))
	defer s.Close()
	t.Setenv("LOCUS_URL", s.URL)
	t.Setenv("API_TOKEN", s.Token)
	for in, rows := range map[string]int{"L0K1S0\nL0S1N0\n": 2, "geo_id,visits\n\"L0K1S0\",562\n": 1, "\n\n": -1} {
		var out bytes.Buffer
		cmd := fetch.New()
		cmd.SetArgs([]string{"enrich", "demographic", "Household Income", "-"})
		cmd.SetIn(strings.NewReader(in))
		cmd.SetOut(&out)
		cmd.SetErr(io.Discard)
		err := cmd.ExecuteContext(t.Context())
		if n := strings.Count(out.String(), "\n") - 1; n != rows || (rows < 0) != (err != nil) {
			t.Errorf("%q: %d rows, want %d; error %v", in, n, rows, err)
		}
	}
}

// TestPartial writes what there is and says so by its error.
func TestPartial(t *testing.T) {
	s := locustest.New(locustest.Speed(10_000), locustest.Faults(func(r *http.Request, _ int) locustest.Fault {
		if r.URL.Query().Get("whitelabel") == "7" {
			return locustest.Internal
		}
		return locustest.None
	}))
	defer s.Close()
	t.Setenv("LOCUS_URL", s.URL)
	t.Setenv("API_TOKEN", s.Token)
	for _, partial := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "c.json")
		cmd := fetch.New()
		cmd.SetArgs([]string{"connections", "--attempts", "1", "-o", path, fmt.Sprint("--partial=", partial)})
		cmd.SetErr(io.Discard)
		err := cmd.ExecuteContext(t.Context())
		var incomplete *fetch.PartialError
		if err == nil || errors.As(err, &incomplete) != partial || !strings.Contains(err.Error(), "whitelabel 7 (CHR)") {
			t.Errorf("--partial=%v: %v", partial, err)
		}
		if _, err := os.Stat(path); (err == nil) != partial {
			t.Errorf("--partial=%v: file: %v", partial, err)
		}
	}
}

// TestNothingIsPutInPlaceOfADevice has -o name what is no file.
func TestNothingIsPutInPlaceOfADevice(t *testing.T) {
	if _, err := run(t, "whitelabels", "-o", os.DevNull); err != nil {
		t.Error(err)
	}
	if at, err := os.Stat(os.DevNull); err != nil || at.Mode().IsRegular() {
		t.Fatalf("%s is %v, error %v", os.DevNull, at.Mode(), err)
	}
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.csv"), filepath.Join(dir, "link.csv")
	if err := errors.Join(os.WriteFile(real, nil, 0o600), os.Symlink(real, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, "whitelabels", "-o", link); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(real)
	if target, _ := os.Readlink(link); err != nil || target != real || !strings.HasPrefix(string(text), "whitelabelid") {
		t.Errorf("the link points to %q, its file holds %.20q, error %v", target, text, err)
	}
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args      []string
		complaint string
	}{
		{[]string{"connections", "--workers", "0"}, "at least 1"},
		{[]string{"connections", "-o", filepath.Join(dir, "x.xlsx")}, "csv and json"},
		{[]string{"connections", "-o", filepath.Join(dir, "none", "x.csv")}, "no such file"},
		{[]string{"connections", "--url", "ftp://x"}, "LOCUS_URL"},
		{[]string{"connections", "--timeout", "1ns"}, "--timeout 1ns is over"},
		{[]string{"dataset", "x"}, "want its number"},
		{[]string{"dataset", "2163", "--from", "2020-02-01", "--to", "2020-02-02"}, "it has 2020-01-01 to 2020-01-05"},
		{[]string{"whitelabels", "--request-timeout", "0"}, "--request-timeout"},
		{[]string{"whitelabels", "--hedge", "-1s"}, "--hedge"},
		{[]string{"whitelabels", "--rate", "-1"}, "--rate"},
		{[]string{"connections", "--from", "2020-01-01"}, "unknown flag"},
		{[]string{"dataset", "2163", "--from", "2020-01-01"}, "go together"},
		{[]string{"connections", "-o", dir}, "folder"},
		{[]string{"datasets", "internal"}, "external"},
		{[]string{"nonsense"}, "nonsense"},
		{[]string{"outlines"}, "requires at least 1"},
		{[]string{"outlines", "X0X0X0"}, `no postal code "X0X0X0"`},
	} {
		_, err := run(t, c.args...)
		if err == nil || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("%v: got %v, want %q", c.args, err, c.complaint)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("failed fetches left %v", left)
	}
}
