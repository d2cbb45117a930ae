package column

import (
	"fmt"
	"time"
)

// OfInstants returns a column of microseconds since the beginning of 1970 in UTC.
func OfInstants(name string, v []int64, valid []byte) *Column {
	c := OfInts(name, v, valid)
	c.Instants = true
	return c
}

// Instant returns the time of a value of a column of times.
func Instant(v int64) time.Time { return time.UnixMicro(v).UTC() }

// InstantOf returns the value of a time: in a year that texts of times have, and no finer than a microsecond.
func InstantOf(t time.Time) (int64, error) {
	u := t.UTC()
	switch {
	case u.Year() < 0 || u.Year() > 9999:
		return 0, fmt.Errorf("%v is in no year from 0 to 9999", t)
	case u.Nanosecond()%1000 != 0:
		return 0, fmt.Errorf("%v is finer than the microseconds that a column of times holds: see time.Time.Truncate", t)
	}
	return u.UnixMicro(), nil
}

// InstantLayout gives one instant one text, and texts the order of their times.
const InstantLayout = "2006-01-02T15:04:05.999999+00:00"

var instantLayouts = []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00"}

func parseInstant(text string) (int64, bool) {
	for _, layout := range instantLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			at, err := InstantOf(t)
			return at, err == nil
		}
	}
	return 0, false
}
