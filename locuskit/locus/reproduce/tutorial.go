package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// step is one comparison of the tutorial.
type step struct {
	name     string
	fetch    bool          // its time is the service's
	tutorial time.Duration // what it took there; 0 where the tutorial has no figure
	parallel time.Duration
	want     result // what must be found with the tutorial's data; nil for anything
	words    string // what a result is, with % for its numbers
}

// The steps that a cluster can do, too.
const (
	stepDistinct = "distinct geo_id and poi_id"
	stepGrouped  = "visits grouped by geo_id"
	stepTop      = "above the 0.995 quantile, sorted"
	stepDemo     = "visits > 100, sorted"
)

// tutorial are its steps, in its order.
var tutorial = []step{
	{name: "connections, a request each", fetch: true, tutorial: 37_800 * time.Millisecond, parallel: 5_920 * time.Millisecond, words: "% connections"},
	{name: "dataset of report 2163", fetch: true, tutorial: 657 * time.Millisecond, words: "% rows"},
	{name: stepDistinct, tutorial: 6_170 * time.Microsecond, want: result{12_514, 51}, words: "%, %"},
	{name: stepGrouped, tutorial: 21_400 * time.Microsecond, words: "% groups, % visits"},
	{name: stepTop, tutorial: 8_010 * time.Microsecond, want: result{63}, words: "% codes"},
	{name: "outlines of those", fetch: true, tutorial: 11_500 * time.Millisecond, parallel: 1_500 * time.Millisecond, words: "% outlines"},
	{name: stepDemo, tutorial: 3_210 * time.Microsecond, want: result{347, 562}, words: "% codes, at most %"},
	{name: "Household Income", fetch: true, words: "mean %, %"},
	{name: "Education Breakdown", fetch: true, words: "7 means"},
	{name: "Resident Age Breakdown", fetch: true, words: "7 means"},
}

// result is what a step found, as numbers that can be compared.
type result []float64

// check compares with what the tutorial found.
func (s step) check(r result) error {
	if s.want == nil {
		return nil
	}
	if err := r.same(s.want); err != nil {
		return fmt.Errorf("not what the tutorial found: %w", err)
	}
	return nil
}

// same allows for sums of fractions in another order.
func (r result) same(want result) error {
	if !slices.EqualFunc(r, want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }) {
		return fmt.Errorf("%v, not %v", r, want)
	}
	return nil
}

// found says a result in words.
func (s step) found(r result) string {
	words := s.words
	for _, n := range r {
		words = strings.Replace(words, "%", strconv.FormatFloat(math.Round(n), 'f', -1, 64), 1)
	}
	return words
}
