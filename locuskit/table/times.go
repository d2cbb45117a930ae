package table

import (
	"fmt"
	"time"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Unit is a span of the calendar that [Table.Truncate] cuts times to.
type Unit string

// The units, all in UTC. A week begins on Monday.
const (
	Second  Unit = "second"
	Minute  Unit = "minute"
	Hour    Unit = "hour"
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Truncate returns t with the beginning of the unit that each time of a column is in, in the column as, which may be the same:
//
//	visits.Cast("day", table.Timestamp).Truncate("day", table.Week, "week").GroupSum("week", "visits")
func (t Table) Truncate(name string, to Unit, as string, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("truncate %s to %s", name, to)
	c, err := t.column(name)
	if err == nil && c.Holds() != column.Timestamp {
		err = fmt.Errorf("column %q holds %s values, not times: see Cast", name, c.Holds())
	}
	cut := truncation(to)
	if err == nil && cut == nil {
		err = fmt.Errorf("there is no unit %q: use one of Second, Minute, Hour, Day, Week, Month, Quarter and Year", to)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	out := column.OfInstants(as, make([]int64, c.N), c.Valid)
	err = t.run.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			out.Ints[i] = cut(c.Ints[i])
		}
	})
	if err != nil {
		return t.fail(doing, err)
	}
	return t.replace(out, doing)
}

// TruncateParallel is [Table.Truncate] on several goroutines.
func (t Table) TruncateParallel(name string, to Unit, as string, opts ...Option) Table {
	return t.Parallel(opts...).Truncate(name, to, as)
}

const (
	microsPerSecond = 1_000_000
	microsPerDay    = 24 * 60 * 60 * microsPerSecond
)

// truncation cuts microseconds since 1970; nil for no unit.
func truncation(to Unit) func(int64) int64 {
	floor := func(v, step int64) int64 { return v - (v%step+step)%step }
	switch to {
	case Second:
		return func(v int64) int64 { return floor(v, microsPerSecond) }
	case Minute:
		return func(v int64) int64 { return floor(v, 60*microsPerSecond) }
	case Hour:
		return func(v int64) int64 { return floor(v, 60*60*microsPerSecond) }
	case Day:
		return func(v int64) int64 { return floor(v, microsPerDay) }
	case Week:
		const monday = 4 * microsPerDay // 1970 began on a Thursday
		return func(v int64) int64 { return floor(v-monday, 7*microsPerDay) + monday }
	case Month, Quarter, Year:
		return func(v int64) int64 {
			year, month, _ := time.UnixMicro(v).UTC().Date()
			switch to {
			case Quarter:
				month -= (month - 1) % 3
			case Year:
				month = time.January
			}
			return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
		}
	}
	return nil
}
