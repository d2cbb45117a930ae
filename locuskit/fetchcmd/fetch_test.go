package fetchcmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"locuslab/locuskit/fetchcmd"
	"locuslab/locuskit/locustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run is the command with a service of its own.
func run(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	s := locustest.New(locustest.Speed(10_000))
	defer s.Close()
	t.Setenv("LOCUS_URL", s.URL)
	t.Setenv("API_TOKEN", s.Token)
	var out bytes.Buffer
	cmd := fetchcmd.New()
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
