package locustest

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// outcomes are the faults of requests for a path, in their order.
func outcomes(t *testing.T, rules string, paths ...string) []Fault {
	t.Helper()
	o, err := ParseFaults(rules)
	if err != nil {
		t.Fatal(err)
	}
	var c config
	o(&c)
	s := &service{config: c}
	var list []Fault
	for _, p := range paths {
		f, err := s.fault(httptest.NewRequest("GET", p, nil))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

func TestSchedules(t *testing.T) {
	paths := []string{"/whitelabels", "/connections?whitelabel=7", "/connections?whitelabel=8", "/connections?whitelabel=7", "/connections?whitelabel=7"}
	for rules, want := range map[string][]Fault{
		"2:503":                            {None, "503", None, None, None},
		"2-3:503":                          {None, "503", "503", None, None},
		"3-:expired":                       {None, None, "expired", "expired", "expired"},
		"1-2@whitelabel=7:reset":           {None, "reset", None, "reset", None},
		"100%@whitelabel=8:types":          {None, None, "types", None, None},
		"100%:500":                         {"500", "500", "500", "500", "500"},
		"0%:500":                           {None, None, None, None, None},
		"1:503; 2-:429":                    {"503", "429", "429", "429", "429"},
		"# every second\n2:503\n4:reset\n": {None, "503", None, "reset", None},
		"1h-2h:503":                        {None, None, None, None, None},
		"0s-1h:slow":                       {"slow", "slow", "slow", "slow", "slow"},
		"0s-:slow":                         {"slow", "slow", "slow", "slow", "slow"},
	} {
		if got := outcomes(t, rules, paths...); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", rules, got, want)
		}
	}
}

func TestShareIsKept(t *testing.T) {
	var paths []string
	for i := range 2000 {
		paths = append(paths, fmt.Sprint("/connections?whitelabel=", i))
	}
	n := 0
	for _, f := range outcomes(t, "20%:503,reset", paths...) {
		if f != None {
			n++
		}
	}
	if n < 300 || n > 500 {
		t.Errorf("%d of 2000 fail, want about 400", n)
	}
}

func TestSchedulesThatAreRefused(t *testing.T) {
	for rules, complaint := range map[string]string{
		"":                    "no rule",
		"503":                 "WHEN:FAULT",
		"20%:gremlins":        `no fault "gremlins"`,
		"20%:":                `no fault ""`,
		"120%:503":            "no share",
		"x%:503":              "no share",
		"0:503":               "range of requests",
		"5-3:503":             "range of requests",
		"5-x:503":             "range of requests",
		"10s:503":             "moment",
		"20s-10s:503":         "span of time",
		"x:503":               "10s-20s",
		"1@seven:503":         "@whitelabel=7",
		"20%:503; 30%:nobody": "30%:nobody",
	} {
		if _, err := ParseFaults(rules); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%q: got %v, want %q", rules, err, complaint)
		}
	}
}

func TestLatencyProfiles(t *testing.T) {
	for text, c := range map[string]struct{ least, most time.Duration }{
		"none":      {0, 0},
		"tutorial":  {time.Second, time.Second},
		"50ms":      {50 * time.Millisecond, 50 * time.Millisecond},
		"10ms-20ms": {10 * time.Millisecond, 20 * time.Millisecond},
		"heavy":     {time.Second, 10 * time.Second},
	} {
		o, err := ParseLatency(text)
		if err != nil {
			t.Fatal(err)
		}
		var cfg config
		o(&cfg)
		seen := map[time.Duration]bool{}
		for i := range 1000 {
			got := time.Second
			if cfg.delay != nil {
				got = cfg.delay(fmt.Sprint("/x?", i), time.Second)
			}
			seen[got] = true
			if got < c.least || got > c.most {
				t.Fatalf("%s: %v", text, got)
			}
		}
		if spread := c.least != c.most; spread != (len(seen) > 1) {
			t.Errorf("%s: %d different latencies", text, len(seen))
		}
	}
	for _, text := range []string{"", "fast", "-1s", "2s-1s", "1s-", "10"} {
		if _, err := ParseLatency(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	for _, seed := range []string{"20%:503,reset", "100-:expired", "10s-20s:429;1@a=b:500", "1-2@whitelabel=7:truncated", "@:", "-:503"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rules string) {
		if o, err := ParseFaults(rules); err == nil {
			var c config
			o(&c)
			_ = c.plan(httptest.NewRequest("GET", "/connections?whitelabel=7", nil), 1)
		}
	})
}
