package locuskit

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"locuslab/kernel/magic"
)

// A lesson under stock gonb shows times by Time, under this project's kernel by %%time:
// both write a duration alike.
func TestFormatTimeIsTheKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		d := time.Duration(math.Exp(r.Float64() * math.Log(float64(400*time.Hour))))
		if got, want := formatTime(d), magic.FormatTime(d); got != want {
			t.Fatalf("%d ns is %q here and %q in the kernel", d, got, want)
		}
	}
	for _, d := range []time.Duration{0, 1, 999, 1000, time.Millisecond, time.Second - 1, time.Second, time.Minute - 1, time.Minute, time.Hour, 25 * time.Hour} {
		if got, want := formatTime(d), magic.FormatTime(d); got != want {
			t.Errorf("%d ns is %q here and %q in the kernel", d, got, want)
		}
	}
}
