package locustest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rule is one line of a schedule: which requests go wrong, and how.
type rule struct {
	name, value string // of a parameter that the request must have; name "" is every request
	share       func(r *http.Request, n int) Fault
	first, last int           // of the requests that match, from 1; last 0 is no end
	from, to    time.Duration // since the first request; to 0 is no end
	timed       bool
	kinds       []Fault

	mu   sync.Mutex
	seen int
}

// ParseFaults reads a schedule of faults as a command's flag takes it: rules separated by
// semicolons or line breaks, the first that applies to a request deciding. A rule says when, and which
// faults, of which one is drawn:
//
//	20%:503,reset              a fifth of all requests, at random
//	100-:expired               the hundredth request and all after it
//	5-10:429                   the fifth to the tenth
//	10s-20s:503,slow           from ten to twenty seconds after the first request
//	1-2@whitelabel=7:truncated the first two requests for whitelabel 7
//	100%@whitelabel=9:500      all requests for whitelabel 9
func ParseFaults(text string) (Option, error) {
	var rules []*rule
	for line := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ';' || c == '\n' }) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		r, err := parseRule(line, uint64(len(rules)+1))
		if err != nil {
			return nil, fmt.Errorf("locustest: fault rule %q: %w", line, err)
		}
		rules = append(rules, r)
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("locustest: faults %q: no rule; write one as 20%%:503,reset", text)
	}
	var begin sync.Once
	var start time.Time
	return Faults(func(r *http.Request, n int) Fault {
		begin.Do(func() { start = time.Now() })
		elapsed := time.Since(start)
		decided := None
		for _, rule := range rules { // all of them: each counts its requests
			if f := rule.fault(r, n, elapsed); decided == None {
				decided = f
			}
		}
		return decided
	}), nil
}

func parseRule(line string, seed uint64) (*rule, error) {
	when, list, ok := strings.Cut(line, ":")
	if !ok {
		return nil, errors.New("write it as WHEN:FAULT,FAULT, such as 20%:503,reset")
	}
	var r rule
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(AllFaults(), Fault(name)) {
			return nil, fmt.Errorf("there is no fault %q; there are %v", name, AllFaults())
		}
		r.kinds = append(r.kinds, Fault(name))
	}
	when, where, filtered := strings.Cut(strings.TrimSpace(when), "@")
	if filtered {
		if r.name, r.value, ok = strings.Cut(where, "="); !ok || r.name == "" {
			return nil, fmt.Errorf("%q: write the requests it is for as @whitelabel=7", "@"+where)
		}
	}
	return &r, r.parseWhen(strings.TrimSpace(when), seed)
}

func (r *rule) parseWhen(when string, seed uint64) error {
	if share, ok := strings.CutSuffix(when, "%"); ok {
		percent, err := strconv.ParseFloat(share, 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return fmt.Errorf("%q is no share of all requests: write it as 20%%", when)
		}
		r.share = randomly(percent/100, seed, r.kinds)
		return nil
	}
	first, last, isRange := strings.Cut(when, "-")
	if from, err := time.ParseDuration(first); err == nil && first != "0" {
		r.timed, r.from = true, from
		if !isRange {
			return fmt.Errorf("%q is a moment: write a span as 10s-20s, or 10s- for all after it", when)
		}
		if last == "" {
			return nil
		}
		if r.to, err = time.ParseDuration(last); err != nil || r.to <= r.from {
			return fmt.Errorf("%q is no span of time: write it as 10s-20s", when)
		}
		return nil
	}
	n, err := strconv.Atoi(first)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no share (20%%), span of time (10s-20s) or range of requests (5-10, 100-)", when)
	}
	switch r.first, r.last = n, n; {
	case isRange && last == "":
		r.last = 0
	case isRange:
		if r.last, err = strconv.Atoi(last); err != nil || r.last < r.first {
			return fmt.Errorf("%q is no range of requests: write it as 5-10, or 100- for all after it", when)
		}
	}
	return nil
}

func (r *rule) fault(req *http.Request, n int, elapsed time.Duration) Fault {
	if r.name != "" && req.URL.Query().Get(r.name) != r.value {
		return None
	}
	if r.share != nil {
		return r.share(req, n)
	}
	r.mu.Lock()
	r.seen++
	seen := r.seen
	r.mu.Unlock()
	applies := seen >= r.first && (r.last == 0 || seen <= r.last)
	if r.timed {
		applies = elapsed >= r.from && (r.to == 0 || elapsed < r.to)
	}
	if !applies {
		return None
	}
	return r.kinds[mix(uint64(seen))%uint64(len(r.kinds))]
}
