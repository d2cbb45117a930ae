package locustest

import (
	"net/http"
	"strconv"
	"time"
)

// geoLatency is for one code: the tutorial's 63 took 11.5 s one after another.
const geoLatency = 11_450 * time.Millisecond / 63

type feature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   polygon           `json:"geometry"`
}

type polygon struct {
	Type        string         `json:"type"`
	Coordinates [][][2]float64 `json:"coordinates"`
}

// postalCodeOutline answers GET /geojson/postalcode?code=L0K1S0 with a GeoJSON feature.
func (s *service) postalCodeOutline(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	a, ok := areaOf(code)
	if !ok {
		fail(w, http.StatusNotFound, "no postal code "+strconv.Quote(code)+" in Ontario; write it as L0K1S0")
		return
	}
	if s.wait(r, geoLatency) {
		s.reply(w, r, feature{"Feature", map[string]string{"geo_id": code}, polygon{"Polygon", [][][2]float64{a.outline(code)}}})
	}
}
