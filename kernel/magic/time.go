package magic

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"locuslab/kernel/display"
)

var timeCell = command{"%%time", "run the cell and report its CPU and wall time, compile time excluded", timed(func(c Call) string { return c.Args + c.Body })}

var timeLine = command{"%time statement", "run one statement and report its CPU and wall time, compile time excluded", timed(func(c Call) string { return c.Args })}

func timed(code func(Call) string) run {
	return func(ctx context.Context, h Host, c Call, out display.Output) error {
		cost, err := h.Run(ctx, code(c))
		if err != nil && cost == (Cost{}) {
			return err
		}
		out.Write(display.Stdout, cost.String())
		return err
	}
}

// String is IPython's: two lines, each value with three significant digits.
func (c Cost) String() string {
	return fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\nWall time: %s\n",
		FormatTime(c.User), FormatTime(c.Sys), FormatTime(c.User+c.Sys), FormatTime(c.Wall))
}

// FormatTime writes a duration as IPython does: 37.8 s, 107 ms, 1min 5s.
func FormatTime(d time.Duration) string { return formatTime(d, 3) }

func formatTime(d time.Duration, digits int) string {
	seconds := d.Seconds()
	if seconds >= 60 {
		var parts []string
		left := int64(seconds)
		for _, unit := range []struct {
			name string
			size int64
		}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
			if n := left / unit.size; n > 0 {
				parts = append(parts, strconv.FormatInt(n, 10)+unit.name)
				left %= unit.size
			}
		}
		return strings.Join(parts, " ")
	}
	units := []string{"s", "ms", "µs", "ns"}
	order := 3
	if seconds > 0 {
		order = min(-int(math.Floor(math.Floor(math.Log10(seconds))/3)), 3)
	}
	// As C's %.3g does.
	return strconv.FormatFloat(seconds*math.Pow(1000, float64(order)), 'g', digits, 64) + " " + units[order]
}
