package locustest

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
)

// TestServiceIsAsDescribed asks for every path of openapi.json and holds the
// answer's fields against the description.
func TestServiceIsAsDescribed(t *testing.T) {
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths      map[string]any
		Components struct {
			Schemas map[string]struct{ Required []string }
		}
	}
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	s := New(Speed(10_000))
	defer s.Close()
	month := lessonFrequencies[5].Range
	for path, c := range map[string]struct{ query, schema string }{
		"/whitelabels":                      {"", "Whitelabel"},
		"/connections":                      {"whitelabel=1", "Connection"},
		"/reports/{report}/aoi-frequencies": {"", "Frequency"},
		"/datasets/eq/{report}":             {"enhancement=aoi&resolution=postalcode&start_date=" + month.Start + "&end_date=" + month.End, "Visit"},
		"/geojson/postalcode":               {"code=L0K1S0", ""},
		"/enrichments/{category}":           {"", ""},
		"/enrichments/{category}/{name}":    {"codes=L0K1S0,L0S1N0", ""},
	} {
		if _, described := api.Paths[path]; !described {
			t.Errorf("%s is not described", path)
		}
		delete(api.Paths, path)
		at := strings.NewReplacer("{report}", "2163", "{category}", "demographic", "{name}", url.PathEscape("Household Income")).Replace(path)
		status, body := get(t, s, at+"?"+c.query, s.Token)
		if status != 200 {
			t.Errorf("%s: %d %s", path, status, body)
			continue
		}
		if c.schema == "" {
			continue
		}
		var rows []map[string]any
		if err := json.Unmarshal(body, &rows); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		required := api.Components.Schemas[c.schema].Required
		for _, name := range required {
			if _, ok := rows[0][name]; !ok {
				t.Errorf("%s: the answer lacks %s", path, name)
			}
		}
		if len(rows[0]) != len(required) {
			t.Errorf("%s: the answer has %d fields, %d are described", path, len(rows[0]), len(required))
		}
	}
	for path := range api.Paths {
		t.Errorf("%s is described and not tried", path)
	}
}
