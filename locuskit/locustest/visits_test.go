package locustest

import (
	"slices"
	"testing"
)

func TestVisitsGiveTheTutorialsCounts(t *testing.T) {
	byCode, pois := map[string]int{}, map[int]bool{}
	for _, v := range visits() {
		byCode[v.Code] += v.Visits
		pois[v.POI] = true
		if _, ok := areaOf(v.Code); !ok || v.Visitors < 1 || v.Visitors > v.Visits {
			t.Fatalf("bad row %+v", v)
		}
	}
	if len(byCode) != 12514 || len(pois) != 51 {
		t.Errorf("%d codes and %d points of interest, want 12514 and 51", len(byCode), len(pois))
	}
	sums := make([]float64, 0, len(byCode))
	for _, n := range byCode {
		sums = append(sums, float64(n))
	}
	slices.Sort(sums)
	at := 0.995 * float64(len(sums)-1)
	low := int(at)
	quantile := sums[low] + (at-float64(low))*(sums[low+1]-sums[low])
	above := func(x float64) (n int) {
		for _, s := range sums {
			if s > x {
				n++
			}
		}
		return n
	}
	if above(quantile) != 63 || above(100) != 347 {
		t.Errorf("%d above the quantile and %d above 100, want 63 and 347", above(quantile), above(100))
	}
	for _, v := range slices.Concat(topCodes, lowCodes) {
		if byCode[v.Code] != v.Visits {
			t.Errorf("%s has %d visits, want %d", v.Code, byCode[v.Code], v.Visits)
		}
	}
}

func TestOutlinesAreInOntarioAndClosed(t *testing.T) {
	for _, a := range areas {
		ring := a.outline(a.code(5))
		if ring[0] != ring[len(ring)-1] {
			t.Errorf("%s: the ring is open", a.name)
		}
		for _, p := range ring {
			if p[0] < -81 || p[0] > -78.5 || p[1] < 42.8 || p[1] > 45 {
				t.Errorf("%s: %v is outside southern Ontario", a.name, p)
			}
		}
	}
}
