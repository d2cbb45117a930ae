package locustest

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// tokenHeader is the header in which the real service wants its token.
const tokenHeader = "eq-api-jwt"

func randomToken() string { return "locustest-" + rand.Text() }

// service answers requests. The only state that a request changes is the count
// by which faults are planned: the same request always gets the same data.
type service struct {
	config
	routes *http.ServeMux
	asked  tally
}

func newService(c config) *service {
	s := &service{config: c, routes: http.NewServeMux()}
	switch {
	case c.recorder != nil:
		s.routes.Handle("/", s.record(c.recorder))
		return s
	case c.replayed != "":
		s.routes.HandleFunc("/", s.replay)
		return s
	}
	s.routes.HandleFunc("GET /whitelabels", s.listWhitelabels)
	s.routes.HandleFunc("GET /connections", s.listConnections)
	s.routes.HandleFunc("GET /reports/{report}/aoi-frequencies", s.listFrequencies)
	s.routes.HandleFunc("GET /datasets/eq/{report}", s.listVisits)
	s.routes.HandleFunc("GET /geojson/postalcode", s.postalCodeOutline)
	s.routes.HandleFunc("GET /enrichments/{category}", s.listEnrichments)
	s.routes.HandleFunc("GET /enrichments/{category}/{name}", s.enrich)
	s.routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "no such path: "+r.Method+" "+r.URL.Path)
	})
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	switch token := r.Header.Get(tokenHeader); {
	case token == "":
		fail(w, http.StatusUnauthorized, "missing header "+tokenHeader)
	case subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1:
		fail(w, http.StatusUnauthorized, "invalid token")
	default:
		s.admit(w, r, arrived)
	}
}

// admit answers a request that carries the token.
func (s *service) admit(w http.ResponseWriter, r *http.Request, arrived time.Time) {
	if s.bucket != nil {
		if place := s.bucket.Reserve(); place.Delay() > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(place.Delay().Seconds()))))
			place.Cancel()
			fail(w, http.StatusTooManyRequests, fmt.Sprintf("more than %v requests a second", s.bucket.Limit()))
			return
		}
	}
	f, err := s.fault(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if !s.failWith(f, w) {
		s.routes.ServeHTTP(w, r.WithContext(withPass(r.Context(), pass{arrived, f})))
	}
}

func (s *service) listWhitelabels(w http.ResponseWriter, r *http.Request) {
	if s.wait(r, listLatency) {
		s.reply(w, r, whitelabels(s.whitelabels))
	}
}

func (s *service) listConnections(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query().Get("whitelabel")
	id, err := strconv.Atoi(asked)
	if err != nil {
		fail(w, http.StatusBadRequest, "parameter whitelabel must be a number, not "+strconv.Quote(asked))
		return
	}
	if id < 1 || id > s.whitelabels {
		fail(w, http.StatusNotFound, "no whitelabel "+strconv.Itoa(id))
		return
	}
	if s.wait(r, latency(id)) {
		s.reply(w, r, connections(id))
	}
}

// wait holds the answer back until the latency has passed since the request
// came in, so that the work of answering is part of it. It reports whether
// anybody is still waiting.
func (s *service) wait(r *http.Request, atSpeed1 time.Duration) bool {
	if s.delay != nil {
		atSpeed1 = s.delay(r.URL.RequestURI(), atSpeed1)
	}
	due := passOf(r.Context()).arrived.Add(time.Duration(float64(atSpeed1) / s.speed))
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// reply sends a value as JSON.
func (s *service) reply(w http.ResponseWriter, r *http.Request, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	s.send(w, r, "application/json", body)
}

// send sends a body as the request's fault has it, or compressed if the client takes it and it pays.
func (s *service) send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	if s.answerWith(passOf(r.Context()).fault, w, r, body) {
		return
	}
	w.Header().Set("Content-Type", contentType)
	if len(body) >= worthCompressing {
		w.Header().Set("Vary", "Accept-Encoding")
		if encoding, compressed := compress(body, r.Header.Get("Accept-Encoding")); encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
			body = compressed
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that has gone needs no answer
}

// fail sends an error the way the service words all of them.
func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": http.StatusText(status), "message": message})
}
