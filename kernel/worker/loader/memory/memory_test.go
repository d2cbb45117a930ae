package memory

import (
	"strings"
	"testing"
)

func TestSpaceLiesWithinReach(t *testing.T) {
	const behind, reach = 1 << 36, 1 << 37
	s, err := ReserveSpace(behind, reach)
	if err != nil {
		t.Fatal(err)
	}
	if s.begin < behind || s.End > reach {
		t.Errorf("from %#x to %#x, which is not between %#x and %#x", s.begin, s.End, uint64(behind), uint64(reach))
	}
	for _, r := range []*Region{&s.Text, &s.Data, &s.NoPtr, &s.Far} {
		a, err := r.Take(3, 8)
		if err != nil {
			t.Fatal(err)
		}
		copy(BytesAt(a, 3), "abc") // it is accessible
		b, err := r.Take(PageSize, 64)
		if err != nil {
			t.Fatal(err)
		}
		if b < a+3 || b%64 != 0 || !r.Contains(b) || string(BytesAt(a, 3)) != "abc" {
			t.Errorf("%s: %#x after %#x", r.name, b, a)
		}
		_, err = r.Take(r.End-r.Next+1, 1)
		if err == nil || !strings.Contains(err.Error(), "restart the kernel") {
			t.Errorf("%s: more than there is: %v", r.name, err)
		}
		if _, err := r.Take(^uintptr(0)-100, 1); err == nil {
			t.Errorf("%s: more than there are addresses", r.name)
		}
	}
}

func TestTwoSpacesLieApart(t *testing.T) {
	const behind, reach = 1 << 38, 1 << 39
	first, err := ReserveSpace(behind, reach)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ReserveSpace(behind, reach)
	if err != nil {
		t.Fatal(err)
	}
	if second.begin < first.End {
		t.Errorf("the second begins at %#x, the first ends at %#x", second.begin, first.End)
	}
	if _, err := ReserveSpace(behind, behind+1<<20); err == nil {
		t.Error("room was found where nothing reaches")
	}
}
