package locustest

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	enrichLatency = 300 * time.Millisecond
	mostCodes     = 100 // of one request
)

// enrichment is a set of numbers about each postal code: shares of a whole,
// in percent, or around a middle.
type enrichment struct {
	name    string
	columns []string
	typical []float64
	shares  bool
}

var demographic = []enrichment{
	{"Household Income", []string{"average_household_income", "median_household_income"}, []float64{112_000, 94_000}, false},
	{"Education Breakdown", []string{"no_certificate", "high_school", "trades", "college", "below_bachelor", "bachelor", "above_bachelor"},
		[]float64{16, 27, 6, 21, 2, 18, 10}, true},
	{"Resident Age Breakdown", []string{"age_0_14", "age_15_24", "age_25_34", "age_35_44", "age_45_54", "age_55_64", "age_65_plus"},
		[]float64{16, 13, 14, 13, 14, 13, 17}, true},
}

// values are invented, the same at each request for a code, and within 30 % of
// the typical ones.
func (e enrichment) values(code string) []float64 {
	values := make([]float64, len(e.columns))
	var sum float64
	for i := range values {
		values[i] = e.typical[i] * (0.7 + 0.6*unit(mix(hash(code+e.columns[i]))))
		sum += values[i]
	}
	for i := range values {
		if e.shares {
			values[i] *= 100 / sum
		}
		values[i] = math.Round(values[i]*100) / 100
	}
	return values
}

// enrichments finds the sets of a category, or answers that there is none.
func enrichments(w http.ResponseWriter, r *http.Request) ([]enrichment, bool) {
	if category := r.PathValue("category"); category != "demographic" {
		fail(w, http.StatusNotFound, "no enrichment category "+strconv.Quote(category)+"; there is \"demographic\"")
		return nil, false
	}
	return demographic, true
}

// listEnrichments answers GET /enrichments/{category} with the names.
func (s *service) listEnrichments(w http.ResponseWriter, r *http.Request) {
	if sets, ok := enrichments(w, r); ok && s.wait(r, listLatency) {
		names := make([]string, len(sets))
		for i, e := range sets {
			names[i] = e.name
		}
		s.reply(w, r, names)
	}
}

// enrich answers GET /enrichments/{category}/{name}?codes=A,B with the columns' names
// and a row of values for each code, in the order asked.
func (s *service) enrich(w http.ResponseWriter, r *http.Request) {
	sets, ok := enrichments(w, r)
	if !ok {
		return
	}
	name := r.PathValue("name")
	i := slices.IndexFunc(sets, func(e enrichment) bool { return e.name == name })
	if i < 0 {
		fail(w, http.StatusNotFound, "no enrichment "+strconv.Quote(name))
		return
	}
	codes := strings.Split(r.URL.Query().Get("codes"), ",")
	if len(codes) > mostCodes {
		fail(w, http.StatusBadRequest, strconv.Itoa(len(codes))+" codes: at most "+strconv.Itoa(mostCodes)+" in one request")
		return
	}
	rows := make([][]float64, len(codes))
	for j, code := range codes {
		if _, known := areaOf(code); !known {
			fail(w, http.StatusNotFound, "no postal code "+strconv.Quote(code))
			return
		}
		rows[j] = sets[i].values(code)
	}
	if s.wait(r, enrichLatency) {
		s.reply(w, r, map[string]any{"columns": sets[i].columns, "rows": rows})
	}
}
