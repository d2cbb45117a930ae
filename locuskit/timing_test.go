package locuskit

import (
	"testing"
	"time"
)

// The expected texts are what IPython's _format_time answers.
func TestFormatTimeIsIPythons(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 ns"},
		{1, "1 ns"},
		{999, "999 ns"},
		{144 * time.Microsecond, "144 µs"},
		{6170 * time.Microsecond, "6.17 ms"},
		{107 * time.Millisecond, "107 ms"},
		{999_600 * time.Microsecond, "1e+03 ms"},
		{time.Second, "1 s"},
		{2410 * time.Millisecond, "2.41 s"},
		{37_800 * time.Millisecond, "37.8 s"},
		{59_960 * time.Millisecond, "60 s"},
		{60 * time.Second, "1min"},
		{62 * time.Second, "1min 2s"},
		{62*time.Second + 900*time.Millisecond, "1min 2s"},
		{3600 * time.Second, "1h"},
		{3661 * time.Second, "1h 1min 1s"},
		{90_061 * time.Second, "1d 1h 1min 1s"},
	} {
		if got := formatTime(c.d); got != c.want {
			t.Errorf("%v: %q, want %q", c.d, got, c.want)
		}
	}
}
