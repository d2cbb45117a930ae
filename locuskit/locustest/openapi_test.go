package locustest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// openAPI is what the tests read of openapi.json.
type openAPI struct {
	Paths map[string]struct {
		Get struct {
			Parameters []map[string]any
			Responses  map[string]map[string]any
		}
	}
	Components map[string]map[string]any
}

func readOpenAPI(t *testing.T) (api openAPI) {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	return api
}

// resolve follows a $ref.
func (api openAPI) resolve(t *testing.T, object map[string]any) map[string]any {
	t.Helper()
	ref, ok := object["$ref"].(string)
	if !ok {
		return object
	}
	parts := strings.Split(ref, "/") // #/components/KIND/NAME
	found, ok := api.Components[parts[2]][parts[3]].(map[string]any)
	if !ok {
		t.Fatalf("%s does not exist", ref)
	}
	return found
}

// check says in what a value is not as a schema describes it. A field that the schema does not
// name is as wrong as one that is missing.
func (api openAPI) check(t *testing.T, at string, schema map[string]any, value any) {
	t.Helper()
	schema = api.resolve(t, schema)
	if allowed, ok := schema["enum"].([]any); ok && !slices.Contains(allowed, value) {
		t.Errorf("%s: %v is none of %v", at, value, allowed)
	}
	switch want := schema["type"]; v := value.(type) {
	case map[string]any:
		if want != "object" {
			t.Errorf("%s: an object where %v is described", at, want)
			return
		}
		properties, _ := schema["properties"].(map[string]any)
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				t.Errorf("%s: lacks %s", at, name)
			}
		}
		others, open := schema["additionalProperties"].(map[string]any)
		for name, field := range v {
			switch p, ok := properties[name].(map[string]any); {
			case ok:
				api.check(t, at+"."+name, p, field)
			case open:
				api.check(t, at+"."+name, others, field)
			default:
				t.Errorf("%s: %s is not described", at, name)
			}
		}
	case []any:
		items, ok := schema["items"].(map[string]any)
		if want != "array" || !ok {
			t.Errorf("%s: a list where %v is described", at, want)
			return
		}
		for i, item := range v[:min(len(v), 50)] {
			api.check(t, fmt.Sprintf("%s[%d]", at, i), items, item)
		}
	case string:
		if want != "string" && schema["enum"] == nil {
			t.Errorf("%s: a string where %v is described", at, want)
		}
		if _, err := time.Parse(time.RFC3339, v); schema["format"] == "date-time" && err != nil {
			t.Errorf("%s: %v", at, err)
		}
	case float64:
		if want != "number" && (want != "integer" || v != math.Trunc(v)) {
			t.Errorf("%s: %v where %v is described", at, v, want)
		}
	case bool:
		if want != "boolean" {
			t.Errorf("%s: a boolean where %v is described", at, want)
		}
	default:
		t.Errorf("%s: %v where %v is described", at, value, want)
	}
}

// schemaOf returns the description of a response's body.
func (api openAPI) schemaOf(t *testing.T, response map[string]any) map[string]any {
	t.Helper()
	content, _ := api.resolve(t, response)["content"].(map[string]any)
	media, _ := content["application/json"].(map[string]any)
	schema, ok := media["schema"].(map[string]any)
	if !ok {
		t.Fatalf("no schema in %v", response)
	}
	return schema
}

var describedRequests = map[string]string{
	"/whitelabels":                      "",
	"/connections":                      "whitelabel=1",
	"/reports/{report}/aoi-frequencies": "",
	"/datasets/eq/{report}":             "enhancement=aoi&resolution=postalcode&start_date=2020-01-01T00:00:00.000Z&end_date=2020-01-31T00:00:00.000Z",
	"/geojson/postalcode":               "code=L0K1S0",
	"/enrichments/{category}":           "",
	"/enrichments/{category}/{name}":    "codes=L0K1S0,L0S1N0",
}

var inPath = strings.NewReplacer("{report}", "2163", "{category}", "demographic", "{name}", url.PathEscape("Household Income"))

// TestServiceIsAsDescribed asks for every path of openapi.json and holds the answers, and a refusal of
// each, against the description.
func TestServiceIsAsDescribed(t *testing.T) {
	api := readOpenAPI(t)
	s := New(Speed(10_000))
	defer s.Close()
	for path, described := range api.Paths {
		query, tried := describedRequests[path]
		if !tried {
			t.Errorf("%s is described and not tried", path)
			continue
		}
		for _, c := range []struct {
			response, token string
			status          int
		}{{"200", s.Token, 200}, {"default", "guess", 401}} {
			status, body := get(t, s, inPath.Replace(path)+"?"+query, c.token)
			if status != c.status {
				t.Errorf("%s: %d %s, want %d", path, status, body, c.status)
				continue
			}
			var value any
			if err := json.Unmarshal(body, &value); err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			api.check(t, path, api.schemaOf(t, described.Get.Responses[c.response]), value)
		}
	}
	for path := range describedRequests {
		if _, ok := api.Paths[path]; !ok {
			t.Errorf("%s is answered and not described", path)
		}
	}
}

// TestParametersAreAsDescribed leaves out each parameter that is required: the service must refuse.
func TestParametersAreAsDescribed(t *testing.T) {
	api := readOpenAPI(t)
	s := New(Speed(10_000))
	defer s.Close()
	for path, described := range api.Paths {
		query, err := url.ParseQuery(describedRequests[path])
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, p := range described.Get.Parameters {
			p = api.resolve(t, p)
			name := p["name"].(string)
			if p["in"] == "path" {
				if !strings.Contains(path, "{"+name+"}") {
					t.Errorf("%s: there is no {%s} in it", path, name)
				}
				continue
			}
			names[name] = true
			if p["required"] != true {
				continue
			}
			less, _ := url.ParseQuery(query.Encode())
			less.Del(name)
			if status, body := get(t, s, inPath.Replace(path)+"?"+less.Encode(), s.Token); status < 400 || status >= 500 {
				t.Errorf("%s without %s: %d %.80s", path, name, status, body)
			}
		}
		for name := range query {
			if !names[name] {
				t.Errorf("%s: parameter %s is not described", path, name)
			}
		}
	}
}
