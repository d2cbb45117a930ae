package locuskit

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Time runs f and prints what it cost in the two lines of IPython's %%time:
//
//	CPU times: user 2.41 s, sys: 107 ms, total: 2.51 s
//	Wall time: 37.8 s
//
// The CPU times are those of the whole process while f ran. The lines are
// printed when f panics, too.
func Time(f func()) {
	before, start := cpu(), time.Now()
	defer func() {
		wall, after := time.Since(start), cpu()
		user, sys := after.user-before.user, after.sys-before.sys
		fmt.Fprintf(os.Stdout, "CPU times: user %s, sys: %s, total: %s\nWall time: %s\n",
			formatTime(user), formatTime(sys), formatTime(user+sys), formatTime(wall))
	}()
	f()
}

type cpuTimes struct{ user, sys time.Duration }

func cpu() cpuTimes {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return cpuTimes{} // cannot happen: the arguments are constants that the system knows
	}
	return cpuTimes{time.Duration(r.Utime.Nano()), time.Duration(r.Stime.Nano())}
}

// formatTime writes a duration as IPython does: three significant digits below a
// minute, whole units from a minute on.
func formatTime(d time.Duration) string {
	s := d.Seconds()
	if s >= 60 {
		var parts []string
		for _, unit := range []struct {
			suffix string
			length float64
		}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
			if n := math.Floor(s / unit.length); n > 0 {
				s = math.Mod(s, unit.length)
				parts = append(parts, strconv.FormatFloat(n, 'f', 0, 64)+unit.suffix)
			}
			if s < 1 {
				break
			}
		}
		return strings.Join(parts, " ")
	}
	order := 3
	if s > 0 {
		order = min(int(-math.Floor(math.Floor(math.Log10(s))/3)), 3)
	}
	return strconv.FormatFloat(s*math.Pow(1000, float64(order)), 'g', 3, 64) + " " + []string{"s", "ms", "µs", "ns"}[order]
}
