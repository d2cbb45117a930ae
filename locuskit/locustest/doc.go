// Package locustest is an embedded LOCUS service: a real HTTP server on
// loopback with deterministic data, for lessons without an account, for tests
// and for work offline. Compare net/http/httptest.
//
//	s := locustest.New()          // in a test: speed 10, a token of its own
//	defer s.Close()
//	client, err := locuskit.New(locuskit.WithURL(s.URL), locuskit.WithToken(s.Token))
//
// A lesson that measures CPU time runs it in a process of its own, by
// [ListenAndServe].
//
// # Paths
//
// GET /connections?whitelabel=ID is the real service's, with the header
// eq-api-jwt. The others are this project's own: the real service has the
// calls, but their addresses are not public.
//
//	GET /whitelabels
//	GET /reports/{report}/aoi-frequencies
//	GET /datasets/eq/{report}?enhancement=aoi&resolution=postalcode&start_date=…&end_date=…
//	GET /geojson/postalcode?code=L0K1S0
//	GET /enrichments/{category}
//	GET /enrichments/{category}/{name}?codes=L0K1S0,L0S1N0
//
// # Faults
//
// A request goes wrong on request, by the header X-Locus-Fault, or by a plan: [Faults],
// [RandomFaults], or a schedule that [ParseFaults] reads. [RateLimit] refuses what comes too fast.
//
// # Recordings
//
// [Record] passes requests on to another service and keeps the answers, [Replay] gives them again:
// an offline copy of one's own. The other service's token is sent to it and kept nowhere.
//
// # Figures
//
// At speed 1 the latencies of the 120 whitelabels add up so that a sequential
// loop takes 37.8 s and eight workers take 5.92 s; see latency.go. The default
// speed is 10.
//
// The package knows nothing of locuskit: it writes its own wire format, so
// that a mistake in the client cannot cancel out against the same mistake here.
package locustest
