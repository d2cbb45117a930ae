package table_test

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table"
)

// TestTimesOfArrowAreNeverMadeEqual has times and dates that programs write against what their types promise: different
// ones get different texts, in their order, or none.
func TestTimesOfArrowAreNeverMadeEqual(t *testing.T) {
	seconds := array.NewTime32Builder(memory.DefaultAllocator, &arrow.Time32Type{Unit: arrow.Second})
	millis := array.NewTime32Builder(memory.DefaultAllocator, &arrow.Time32Type{Unit: arrow.Millisecond})
	micros := array.NewTime64Builder(memory.DefaultAllocator, &arrow.Time64Type{Unit: arrow.Microsecond})
	nanos := array.NewTime64Builder(memory.DefaultAllocator, &arrow.Time64Type{Unit: arrow.Nanosecond})
	dates := array.NewDate64Builder(memory.DefaultAllocator)
	const day = 24 * 60 * 60
	for _, c := range []struct {
		name string
		from func() arrow.Array
		want string // texts, or what the error says
	}{
		{"seconds", func() arrow.Array {
			seconds.AppendValues([]arrow.Time32{0, 3723, day - 1, day}, nil)
			return seconds.NewArray()
		}, "00:00:00 01:02:03 23:59:59 24:00:00"},
		{"milliseconds", func() arrow.Array {
			millis.AppendValues([]arrow.Time32{0, 3723004, day * 1000}, nil)
			return millis.NewArray()
		}, "00:00:00.000 01:02:03.004 24:00:00.000"},
		{"microseconds", func() arrow.Array {
			micros.AppendValues([]arrow.Time64{5, day * 1e6}, nil)
			return micros.NewArray()
		}, "00:00:00.000005 24:00:00.000000"},
		{"nanoseconds", func() arrow.Array {
			nanos.AppendValues([]arrow.Time64{120, day*1e9 - 1}, nil)
			return nanos.NewArray()
		}, "00:00:00.000000120 23:59:59.999999999"},
		{"negative", func() arrow.Array {
			millis.AppendValues([]arrow.Time32{0, -13899000}, nil)
			return millis.NewArray()
		}, `error: column "at", row 2: -13899000ms is no time of a day`},
		{"beyond the day", func() arrow.Array {
			nanos.AppendValues([]arrow.Time64{day*1e9 + 1}, nil)
			return nanos.NewArray()
		}, `error: column "at", row 1: 86400000000001ns is no time of a day`},
		{"null", func() arrow.Array {
			nanos.AppendValues([]arrow.Time64{-1, 0}, []bool{false, true})
			return nanos.NewArray()
		}, " 00:00:00.000000000"},
		{"dates with a time", func() arrow.Array {
			dates.AppendValues([]arrow.Date64{-1, 0, 1, day * 1000, day*1000 + 36000500}, nil)
			return dates.NewArray()
		}, "1969-12-31T23:59:59.999 1970-01-01 1970-01-01T00:00:00.001 1970-01-02 1970-01-02T10:00:00.5"},
	} {
		at := c.from()
		batch := array.NewRecordBatch(arrow.NewSchema([]arrow.Field{{Name: "at", Type: at.DataType(), Nullable: true}}, nil), []arrow.Array{at}, int64(at.Len()))
		tab, err := table.FromRecord(batch)
		if want, fails := strings.CutPrefix(c.want, "error: "); fails {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "table.Except") {
				t.Errorf("%s: the error is %v, want %q and what reads the others", c.name, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		texts, err := tab.Strings("at")
		if got := strings.Join(texts, " "); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}
