package locustest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Fault is a way in which a request goes wrong.
type Fault string

const (
	None        Fault = ""
	Overloaded  Fault = "503"       // with no Retry-After
	Internal    Fault = "500"       // with no explanation
	TooMany     Fault = "429"       // with Retry-After: 1 s at speed 1, else 0
	Reset       Fault = "reset"     // the connection is reset before an answer
	SlowBody    Fault = "slow"      // the answer's second half comes 30 s late at speed 1
	Truncated   Fault = "truncated" // the connection ends in the middle of the answer
	ShortLength Fault = "length"    // Content-Length is half of the answer's, and so is the body
	InvalidJSON Fault = "json"      // a proxy's HTML page with status 200
	WrongTypes  Fault = "types"     // JSON of another shape
	Expired     Fault = "expired"   // 401: the token is no longer valid
)

// AllFaults lists every fault there is.
func AllFaults() []Fault {
	return []Fault{Overloaded, Internal, TooMany, Reset, SlowBody, Truncated, ShortLength, InvalidJSON, WrongTypes, Expired}
}

// faultHeader asks for a fault with the request itself.
const faultHeader = "X-Locus-Fault"

// Faults asks plan for the fault of each request: n counts the requests for
// the same path and query, from 1. plan is called from many goroutines.
// A request can also name its fault in the header X-Locus-Fault.
func Faults(plan func(r *http.Request, n int) Fault) Option {
	return func(c *config) { c.plan = plan }
}

// RandomFaults makes a share of all requests, 0 to 1, fail in one of the ways
// given. What a request gets depends on the seed, its address and how often
// that was asked for, and on nothing else: the order of requests does not matter.
func RandomFaults(share float64, seed uint64, kinds ...Fault) Option {
	return Faults(randomly(share, seed, kinds))
}

func randomly(share float64, seed uint64, kinds []Fault) func(*http.Request, int) Fault {
	return func(r *http.Request, n int) Fault {
		x := mix(seed + uint64(n))
		for _, b := range []byte(r.URL.RequestURI()) {
			x = mix(x ^ uint64(b))
		}
		if len(kinds) == 0 || unit(x) >= share {
			return None
		}
		return kinds[mix(x)%uint64(len(kinds))]
	}
}

// tally counts the requests for each address.
type tally struct {
	mu   sync.Mutex
	seen map[string]int
}

func (t *tally) next(address string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[address]++
	return t.seen[address]
}

// fault returns what is to go wrong with a request. A header that names none that exists is refused: whoever
// asks for a fault wants to see one.
func (s *service) fault(r *http.Request) (Fault, error) {
	if asked := Fault(r.Header.Get(faultHeader)); asked != None {
		if !slices.Contains(AllFaults(), asked) {
			return None, fmt.Errorf("header %s: there is no fault %q; there are %v", faultHeader, asked, AllFaults())
		}
		return asked, nil
	}
	if s.plan == nil {
		return None, nil
	}
	return s.plan(r, s.asked.next(r.URL.RequestURI())), nil
}
