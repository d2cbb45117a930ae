package large

import (
	"slices"
	"testing"
)

// TestSlices makes slices of lengths around those from which memory is asked for otherwise.
func TestSlices(t *testing.T) {
	for _, n := range []int{0, 1, 1<<13 - 1, 1 << 13, 1<<18 - 1, 1 << 18, 1<<18 + 1, 1<<20 + 77} {
		for range 2 { // the second time of memory that was written before
			zeros, any := Zeroed[int64](n), Unzeroed[int64](n)
			if len(zeros) != n || len(any) != n {
				t.Fatalf("%d and %d elements, want %d", len(zeros), len(any), n)
			}
			for i, v := range zeros {
				if v != 0 {
					t.Fatalf("element %d of %d is %d, want 0", i, n, v)
				}
				zeros[i], any[i] = int64(i), int64(-i)
			}
			for i := range zeros {
				if zeros[i] != int64(i) || any[i] != int64(-i) {
					t.Fatalf("element %d of %d is %d and %d, want %d and %d", i, n, zeros[i], any[i], i, -i)
				}
			}
		}
	}
	if v := Unzeroed[bool](1 << 17); len(v) != 1<<17 {
		t.Errorf("%d bools, want %d", len(v), 1<<17)
	}
}

// TestTouchChangesNothing touches slices of any length and place.
func TestTouchChangesNothing(t *testing.T) {
	b := make([]byte, 1000)
	for i := range b {
		b[i] = byte(i)
	}
	want := slices.Clone(b)
	for from := range b {
		Touch(b[from:])
		Touch(b[:from])
	}
	Touch([]string(nil))
	Touch([]struct{}{{}})
	if !slices.Equal(b, want) {
		t.Error("bytes have changed")
	}
}
