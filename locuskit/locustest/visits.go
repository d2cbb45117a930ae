package locustest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// visit is one row of the dataset of report 2163: devices from a postal code
// seen at a point of interest.
type visit struct {
	Code     string `json:"geo_id"`
	POI      int    `json:"poi_id"`
	Visits   int    `json:"visits"`
	Visitors int    `json:"visitors"` // distinct devices, at most Visits
}

// What the tutorial counts in the month of January 2020.
const (
	codesSeen    = 12514
	poisSeen     = 51
	above100     = 347
	firstPOI     = 88001
	dataLatency  = 550 * time.Millisecond // the tutorial's 657 ms with the transfer
	lastOverTop  = 470                    // of the codes between the five shown first and the five shown last
	leastOverLow = 102
)

// The codes that the tutorial shows, with their visits, in its order.
var (
	topCodes = []visit{{Code: "L0K1S0", Visits: 562}, {Code: "L0S1N0", Visits: 525}, {Code: "L4B4H6", Visits: 475},
		{Code: "L0S1J0", Visits: 473}, {Code: "L0G1M0", Visits: 471}}
	// The fifth is invented: the tutorial's page is cut after the fourth.
	lowCodes = []visit{{Code: "L0L2L0", Visits: 101}, {Code: "M1B3S3", Visits: 101}, {Code: "L4B3P9", Visits: 101},
		{Code: "L6A1E9", Visits: 101}, {Code: "N2L3G1", Visits: 101}}
)

// totals lists every code with all its visits, most first. Between the codes
// shown the visits fall smoothly, so that no two are equal where the 0.995
// quantile cuts and exactly 63 lie above it; a test counts them.
func totals() []visit {
	list := slices.Clone(topCodes)
	codes := otherCodes(codesSeen - len(topCodes) - len(lowCodes))
	between := above100 - len(topCodes) - len(lowCodes)
	for i := range between {
		left := 1 - float64(i)/float64(between-1)
		list = append(list, visit{Code: codes[i], Visits: leastOverLow + int((lastOverTop-leastOverLow)*left*left*left)})
	}
	list = append(list, lowCodes...)
	for i, code := range codes[between:] {
		left := 1 - float64(i)/float64(len(codes)-between)
		list = append(list, visit{Code: code, Visits: 1 + int(99*left*left*left*left*left)})
	}
	return list
}

// otherCodes draws n codes that are not among those shown.
func otherCodes(n int) []string {
	shown := map[string]bool{}
	for _, v := range slices.Concat(topCodes, lowCodes) {
		shown[v.Code] = true
	}
	codes := make([]string, 0, n)
	for k := 0; len(codes) < n; k++ {
		a := areas[k%len(areas)]
		// 7 has no factor in common with 2,000: each k of an area gives another code.
		if code := a.code(k / len(areas) * 7 % 2000); !shown[code] {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Compare(hash(a), hash(b)) })
	return codes
}

// visits splits each code's total over one to four points of interest. The
// rows come in no order that means anything, as the real service's did.
var visits = sync.OnceValue(func() []visit {
	var rows []visit
	for i, total := range totals() {
		h := hash(total.Code)
		parts := min(1+int(h%4), total.Visits)
		left := total.Visits
		for p := range parts {
			n := left
			if p < parts-1 {
				n = max(min(left/2, left-(parts-1-p)), 1) // at least one for each part to come
			}
			left -= n
			rows = append(rows, visit{total.Code, firstPOI + (i+p*13)%poisSeen, n, 1 + int(mix(h+uint64(p))%uint64(n))})
		}
	}
	slices.SortStableFunc(rows, func(a, b visit) int {
		return cmp.Compare(mix(hash(a.Code)^uint64(a.POI)), mix(hash(b.Code)^uint64(b.POI)))
	})
	return rows
})

// listVisits answers GET /datasets/eq/{report}.
func (s *service) listVisits(w http.ResponseWriter, r *http.Request) {
	if !report(w, r) {
		return
	}
	asked := r.URL.Query()
	month := lessonFrequencies[len(lessonFrequencies)-1].Range
	for name, want := range map[string]string{
		"enhancement": "aoi", "resolution": "postalcode", "start_date": month.Start, "end_date": month.End,
	} {
		if got := asked.Get(name); got != want {
			fail(w, http.StatusBadRequest, fmt.Sprintf("parameter %s=%q: the embedded service has only %q", name, got, want))
			return
		}
	}
	// Made while the client waits anyway: the first to ask waits no longer than others.
	made := make(chan []visit, 1)
	go func() { made <- visits() }()
	if s.wait(r, dataLatency) {
		s.reply(w, r, <-made)
	}
}
