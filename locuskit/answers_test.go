package locuskit_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/table"
)

var (
	january = locuskit.DateRange{DateType: 3, Start: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2020, 1, 31, 0, 0, 0, 0, time.UTC)}
	seventh = []locuskit.Whitelabel{{ID: 7, Company: "CHR"}}
)

// TestAnswersAreWholeAndOnesOwn has each path answer something that is JSON, and not all of what was asked for.
func TestAnswersAreWholeAndOnesOwn(t *testing.T) {
	one := func(change string) string {
		text := `{"id":1,"set_id":2,"set_name":"a","columns":{},"whitelabel":7,"customer":3,"type":"b","name":"c","created":"2021-01-20T23:30:12.363Z",` +
			`"updated":"2021-01-20T23:30:32.727Z","last_sync":"2021-01-20T23:30:32.731Z","is_syncing":false,"records":5}`
		from, to, _ := strings.Cut(change, " -> ")
		if !strings.Contains(text, from) {
			t.Fatalf("no %s", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	outline := func(change string) string {
		text := `{"type":"Feature","properties":{"geo_id":"A"},"geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}}`
		from, to, _ := strings.Cut(change, " -> ")
		return strings.Replace(text, from, to, 1)
	}
	codes, err := table.New([]string{"geo_id"}, []string{"A", "B", "C"})
	if err != nil {
		t.Fatal(err)
	}
	type asked = func(context.Context, *locuskit.Client) (any, error)
	connections := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.Connections(ctx, seventh) }
	whitelabels := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.Whitelabels(ctx) }
	frequencies := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.AOIFrequencies(ctx, 1) }
	outlines := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.GeoJSON(ctx, []string{"A"}) }
	enrichment := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.Enrich(ctx, codes, "d", "x") }
	enrichments := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.ListEnrichment(ctx, "d") }
	dataset := func(ctx context.Context, c *locuskit.Client) (any, error) { return c.Dataset(ctx, "eq", 1, january) }
	for _, c := range []struct {
		ask       asked
		body      string
		complaint string // empty: the answer is good
	}{
		{connections, `[` + one("5 -> 5") + `]`, ""},
		{connections, `[]`, ""},
		{connections, `[` + one(`"set_name":"a" -> "set_name":null`) + `]`, ""},
		{connections, `[` + one(`"2021-01-20T23:30:32.731Z" -> null`) + `]`, ""},
		{connections, `[` + one(`records -> record_count`) + `]`, "connection 1 of 1: it has no records"},
		{connections, `[` + one("5 -> 5") + `,` + one(`"records":5 -> "records":null`) + `]`, "connection 2 of 2: it has no records"},
		{connections, `[{"id":1,"whitelabel":7,"records":5}]`, ""},
		{connections, `[{"id":1,"records":5}]`, "no whitelabel"},
		{connections, `[{"whitelabel":7,"records":5}]`, "no id"},
		{connections, `[` + one(`"set_id":2 -> "set_id":null`) + `]`, "its set_id is null"},
		{connections, `[` + one(`"is_syncing":false -> "is_syncing":null`) + `]`, "its is_syncing is null"},
		{connections, `[` + one(`"whitelabel":7 -> "whitelabel":8`) + `]`, "connection 1 is of whitelabel 8"},
		{connections, `[` + one(`"name":"c" -> "name":3`) + `]`, "cannot unmarshal number"},
		{connections, `[` + one("5 -> 5") + `,` + one("5 -> 5") + `]`, "connection 1 is there twice"},
		{connections, `[null]`, "has no id"},
		{connections, `{"connections":[]}`, "cannot unmarshal object"},
		{connections, "[" + one("c -> caf\xe9") + "]", "not UTF-8"},
		{connections, "[" + one(`c -> \ud800`) + "]", "half of a surrogate pair"},
		{whitelabels, `[{"whitelabelid":1,"company":"é"}]`, ""},
		{whitelabels, `[{"whitelabelid":1,"company":null}]`, ""},
		{whitelabels, `[{"whitelabelid":1}]`, ""},
		{whitelabels, `[{"whitelabelid":1,"company":5}]`, "cannot unmarshal number"},
		{whitelabels, `[{"id":1,"company":"a"}]`, "has no whitelabelid"},
		{whitelabels, `[{"whitelabelid":1,"company":"a"},{"whitelabelid":1,"company":"b"}]`, "whitelabel 1 is there twice"},
		{frequencies, `[{"date_range_type":"week","date_range":{"date_type":2,"start_date":"2020-01-01T00:00:00Z","end_date":"2020-01-05T00:00:00Z"}}]`, ""},
		{frequencies, `[{"date_range_type":"week","date_range":null}]`, "no date_range"},
		{frequencies, `[{"date_range_type":"week","date_range":{"date_type":2,"start_date":"2020-01-01T00:00:00Z","end_date":null}}]`, "date_range: it has no end_date"},
		{frequencies, `[{"date_range_type":"week","date_range":{"date_type":2,"start_date":"2020-01-06T00:00:00Z","end_date":"2020-01-05T00:00:00Z"}}]`, "ends before it begins"},
		{outlines, outline("A -> A"), ""},
		{outlines, outline(`"A" -> "B"`), `it is the outline of "B"`},
		{outlines, outline(`"geo_id":"A" -> "code":"A"`), `it is the outline of ""`},
		{outlines, outline(`"Polygon" -> "Point"`), "Polygon or MultiPolygon was expected"},
		{outlines, outline(`"Polygon" -> "MultiPolygon"`), "coordinates of a MultiPolygon"},
		{outlines, outline(`[[[1,2],[3,4],[5,6],[1,2]]] -> null`), "coordinates are missing"},
		{outlines, outline(`[1,2] -> [1,null]`), "coordinates are missing"},
		{outlines, outline(`[1,2] -> [1]`), "a point has 1 numbers"},
		{enrichment, `{"columns":["income"],"rows":[[100],[null],[300]]}`, ""},
		{enrichment, `{"columns":["income"],"rows":[[100],[300]]}`, "2 rows for 3 codes"},
		{enrichment, `{"columns":["income"],"rows":[[100],null,[300]]}`, "row 2 has 0 numbers for 1 columns"},
		{enrichment, `{"columns":[null],"rows":[[1],[2],[3]]}`, "column 1 has no name of its own"},
		{enrichment, `{"columns":["a","a"],"rows":[[1,1],[2,2],[3,3]]}`, "column 2 has no name of its own"},
		{enrichment, `{"columns":[],"rows":[[],[],[]]}`, "no columns"},
		{enrichment, `{"names":["a"],"rows":[[1],[2],[3]]}`, "no columns"},
		{enrichments, `["a"]`, ""},
		{enrichments, `["a",null]`, "name 2 of 2 is null"},
		{dataset, `[{"geo_id":"A","poi_id":1,"visits":2,"visitors":1}]`, ""},
		{dataset, `[{"geo_id":"A","poi_id":1,"visits":2,"visitors":null}]`, "row 1: it has no visitors"},
		{dataset, `[{"geo_id":"A","poi_id":1,"visits":2}]`, "row 1: it has no visitors"},
		{dataset, `[{"geo_id":"A","poi_id":1,"visits":2.5,"visitors":1}]`, "cannot unmarshal number 2.5"},
		{dataset, "[{\"geo_id\":\"\xe9\",\"poi_id\":1,\"visits\":2,\"visitors\":1}]", "not UTF-8"},
		{dataset, `[{"geo_id":"\udc00","poi_id":1,"visits":2,"visitors":1}]`, "half of a surrogate pair"},
	} {
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, c.body) })
		got, err := c.ask(t.Context(), dial(t, url, secret, locuskit.WithBackoff(time.Hour, time.Hour), locuskit.WithCallTimeout(10*time.Second)))
		if c.complaint == "" {
			if err != nil {
				t.Errorf("%s: %v", c.body, err)
			}
			continue
		}
		var e *locuskit.Error
		if !errors.As(err, &e) || e.Attempts != 1 || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("%s: %v, error %v; want %q", c.body, got, err, c.complaint)
		}
	}
}

// TestDatasetsAreNotShort has a service that renamed a field by which some are left out.
func TestDatasetsAreNotShort(t *testing.T) {
	for _, renamed := range []string{"records", "is_syncing"} {
		datasetsWithout(t, renamed)
	}
}

func datasetsWithout(t *testing.T, renamed string) {
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "whitelabels") {
			io.WriteString(w, `[{"whitelabelid":1,"company":"Atom"}]`)
			return
		}
		connections(w, r, map[string]any{renamed: nil, "renamed": 7})
	})
	for name, datasets := range map[string]func(context.Context, string, ...locuskit.FetchOption) (locuskit.Connections, error){
		"sequential": dial(t, url, secret).Datasets, "parallel": dial(t, url, secret).DatasetsParallel,
	} {
		if got, err := datasets(t.Context(), "external"); err == nil || got != nil || !strings.Contains(err.Error(), "no "+renamed) {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
}

func TestEnrichKeepsNullsAndNames(t *testing.T) {
	codes := make([]string, 120)
	for i := range codes {
		codes[i] = string(rune('A'+i/26)) + string(rune('A'+i%26))
	}
	tab, err := table.New([]string{"geo_id"}, codes)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string][2]string{"AA": {`"low","high"`, `1,null`}, "BY": {`"high","low"`, `20,2`}, "DW": {`"low","high"`, `null,30`}}
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		asked := strings.Split(r.URL.Query().Get("codes"), ",")
		a := answers[asked[0]]
		io.WriteString(w, `{"columns":[`+a[0]+`],"rows":[`+strings.TrimSuffix(strings.Repeat(`[`+a[1]+`],`, len(asked)), ",")+`]}`)
	})
	for name, enrich := range map[string]func(context.Context, table.Table, string, string, ...locuskit.FetchOption) (table.Table, error){
		"sequential": dial(t, url, secret).Enrich, "parallel": dial(t, url, secret).EnrichParallel,
	} {
		got, err := enrich(t.Context(), tab, "d", "x")
		if err != nil {
			t.Fatal(err)
		}
		low, lowThere, _ := got.Floats("low")
		high, highThere, _ := got.Floats("high")
		for i := range codes {
			want := []struct {
				low, high           float64
				lowThere, highThere bool
			}{{1, 0, true, false}, {2, 20, true, true}, {0, 30, false, true}}[i/50]
			if low[i] != want.low && want.lowThere || high[i] != want.high && want.highThere ||
				(lowThere == nil || lowThere[i]) != want.lowThere || (highThere == nil || highThere[i]) != want.highThere {
				t.Errorf("%s: row %d has %v and %v", name, i, low[i], high[i])
			}
		}
		if mean, err := got.Mean("high"); err != nil || mean != (50*20.+20*30)/70 {
			t.Errorf("%s: mean %v, error %v", name, mean, err)
		}
	}
	answers["BY"] = [2]string{`"low","other"`, `1,2`}
	if _, err := dial(t, url, secret).Enrich(t.Context(), tab, "d", "x"); err == nil || !strings.Contains(err.Error(), "do not have the same columns") {
		t.Errorf("other columns: %v", err)
	}
}

// TestNoBoundIsABound asks with all bounds that there are; one that is no number of bytes is the default.
func TestNoBoundIsABound(t *testing.T) {
	url := answering(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `[]`) })
	for _, n := range []int64{math.MaxInt64, math.MaxInt64 - 1, 0, -1, math.MinInt64, 2} {
		c := dial(t, url, secret, locuskit.WithMaxBytes(n))
		if _, err := c.Whitelabels(t.Context()); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if _, err := c.Dataset(t.Context(), "eq", 1, january); err != nil {
			t.Errorf("%d: dataset: %v", n, err)
		}
		path := filepath.Join(t.TempDir(), "ckpt")
		for range 2 {
			if _, err := c.Connections(t.Context(), seventh, locuskit.Checkpoint(path)); err != nil {
				t.Errorf("%d: checkpoint: %v", n, err)
			}
		}
	}
	c := dial(t, url, secret, locuskit.WithMaxBytes(1))
	if _, err := c.Whitelabels(t.Context()); err == nil || !strings.Contains(err.Error(), "larger than 1 bytes") {
		t.Errorf("two bytes where one may be: %v", err)
	}
}

// TestNothingIsNoPanic gives nil, zero and the like for all that can be given.
func TestNothingIsNoPanic(t *testing.T) {
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "connections") {
			connections(w, r, nil)
			return
		}
		io.WriteString(w, `[]`)
	})
	c := dial(t, url, secret, nil, locuskit.WithLogger(nil), locuskit.WithTracerProvider(nil), locuskit.WithProgress(nil), locuskit.WithHTTPClient(nil),
		locuskit.WithTimeline(-1), locuskit.WithBackoff(0, -1), locuskit.WithRequestTimeout(0), locuskit.WithCallTimeout(-1), locuskit.WithHedge(-1),
		locuskit.WithRate(0, 0), locuskit.WithRate(math.NaN(), -1), locuskit.WithAttempts(-1))
	for _, opts := range [][]locuskit.FetchOption{{nil}, {locuskit.Workers(-1), nil, locuskit.Checkpoint("")}} {
		if got, err := c.ConnectionsParallel(t.Context(), seventh, opts...); err != nil || len(got) != 1 {
			t.Errorf("%v, error %v", got, err)
		}
	}
	if _, err := c.Dataset(t.Context(), "eq", 1, nil, january, nil); err != nil {
		t.Error(err)
	}
	for _, c := range []*locuskit.Client{nil, {}} {
		_, a := c.Whitelabels(t.Context())
		_, b := c.ConnectionsParallel(t.Context(), seventh, locuskit.Checkpoint(filepath.Join(t.TempDir(), "x")))
		for _, err := range []error{a, b} {
			if err == nil || !strings.Contains(err.Error(), "locuskit.New") {
				t.Errorf("a client that was not made: %v", err)
			}
		}
		_, _, _ = c.String(), c.Stats(), c.Timeline()
		c.Close()
	}
}

func TestHeadersThatCannotBeSent(t *testing.T) {
	for name, value := range map[string]string{"X Trace": "1", "": "1", "X-Trace": "a\r\nHost: b", "X-\u00e9": "1"} {
		_, err := locuskit.New(locuskit.WithToken(secret), locuskit.WithURL("http://localhost"), locuskit.WithHeader(name, value))
		if err == nil || !strings.Contains(err.Error(), "WithHeader") {
			t.Errorf("%q: %q: %v", name, value, err)
		}
	}
	for _, url := range []string{"http://localhost:99999", "http://localhost:0", "http://:80", "http://localhost/?a=1", "http://localhost/#a", "http://local host/"} {
		if _, err := locuskit.New(locuskit.WithToken(secret), locuskit.WithURL(url)); err == nil || !strings.Contains(err.Error(), "LOCUS_URL") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestCheckpointLinesAreReadAsAnswersAre changes lines of a checkpoint.
func TestCheckpointLinesAreReadAsAnswersAre(t *testing.T) {
	url := answering(t, func(w http.ResponseWriter, r *http.Request) { connections(w, r, nil) })
	c := dial(t, url, secret)
	whitelabels := []locuskit.Whitelabel{{ID: 1}, {ID: 2}, {ID: 3}}
	path := filepath.Join(t.TempDir(), "ckpt")
	if _, err := c.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err != nil {
		t.Fatal(err)
	}
	sound := read(t, path)
	lines := strings.SplitAfter(sound, "\n")
	for name, line := range map[string]string{
		"null":              `{"i":1,"v":null}`,
		"without value":     `{"i":1}`,
		"without index":     strings.Replace(lines[2], `"i":1,`, ``, 1),
		"another's":         strings.Replace(lines[3], `"i":2`, `"i":1`, 1),
		"a field renamed":   strings.Replace(lines[2], `"records"`, `"rows"`, 1),
		"not UTF-8":         strings.Replace(lines[2], `"name":"c"`, "\"name\":\"\xe9\"", 1),
		"half a character":  strings.Replace(lines[2], `"name":"c"`, `"name":"\ud800"`, 1),
		"with the token":    strings.Replace(lines[2], `"2021-`, `"`+strings.ReplaceAll(secret, "-", `\u002d`), 1),
		"two lines in one":  strings.TrimSpace(lines[2]) + lines[3],
		"an index too high": strings.Replace(lines[2], `"i":1`, `"i":3`, 1),
	} {
		if line == lines[2] {
			t.Fatalf("%s: nothing was changed in %s", name, line)
		}
		text := lines[0] + lines[1] + strings.TrimSpace(line) + "\n" + lines[3]
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := c.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path))
		var e *locuskit.CheckpointError
		if !errors.As(err, &e) || got != nil || !strings.Contains(err.Error(), "damaged in line 3") {
			t.Errorf("%s: %d connections, error %v", name, len(got), err)
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), secret[:12])) {
			t.Errorf("%s: the token is in %v", name, err)
		}
		if read(t, path) != text {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// TestCheckpointThatIsNoFile is given what has no end, in a process whose memory has one.
func TestCheckpointThatIsNoFile(t *testing.T) {
	if path := os.Getenv("LOCUSKIT_CHECKPOINT"); path != "" {
		url := answering(t, func(w http.ResponseWriter, r *http.Request) { connections(w, r, nil) })
		var opts []locuskit.Option
		if os.Getenv("LOCUSKIT_NO_BOUND") != "" {
			opts = append(opts, locuskit.WithMaxBytes(math.MaxInt64))
		}
		c := dial(t, url, secret, opts...)
		_, err := c.Connections(t.Context(), seventh, locuskit.Checkpoint(path))
		var e *locuskit.CheckpointError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), os.Getenv("LOCUSKIT_COMPLAINT")) {
			t.Errorf("got %v", err)
		}
		return
	}
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	// Holes: files of a terabyte that take no room.
	hole := filepath.Join(dir, "hole")
	begun := filepath.Join(dir, "begun")
	url := answering(t, func(w http.ResponseWriter, r *http.Request) { connections(w, r, nil) })
	if _, err := dial(t, url, secret).Connections(t.Context(), seventh, locuskit.Checkpoint(begun)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{hole, begun} {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Truncate(1<<40), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, complaint string }{
		{"/dev/zero", "it is a device"}, {"/dev/null", "it is a device"}, {pipe, "it is a pipe"}, {dir, "it is a folder"},
		{hole, "it is no checkpoint"}, {begun, "it has no end"},
	} {
		for _, bound := range []string{"", "none"} {
			cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `ulimit -v 4000000; exec "$0" -test.run='^TestCheckpointThatIsNoFile$' -test.timeout=60s`, os.Args[0])
			cmd.Env = append(os.Environ(), "LOCUSKIT_CHECKPOINT="+c.path, "LOCUSKIT_COMPLAINT="+c.complaint, "LOCUSKIT_NO_BOUND="+bound, "GOMEMLIMIT=2GiB")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%.2000s", c.path, err, out)
			}
		}
	}
}
