package arrowconv

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// arrowTimes is an array of times: how each is written, and why one has no text.
type arrowTimes func(i int) (string, error)

// timesOf tells how the times of an array are written: so that texts have the order of the
// times, and one instant one text. Those of a zone are therefore in UTC: the clocks of a zone
// with summer time show an hour twice. +00:00 stands for Z, which comes after the point of a
// fraction.
func timesOf(a arrow.Array) (arrowTimes, bool) {
	switch a := a.(type) {
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		layout := instantLayout
		if t.TimeZone != "" {
			layout += "+00:00"
		}
		return func(i int) (string, error) { return instant(a.Value(i).ToTime(t.Unit), layout) }, true
	case *array.Date32:
		return func(i int) (string, error) { return instant(a.Value(i).ToTime(), time.DateOnly) }, true
	case *array.Date64:
		return func(i int) (string, error) {
			v := a.Value(i)
			if v%millisPerDay != 0 { // a date that has a time of the day, as some programs write it
				return instant(time.UnixMilli(int64(v)), instantLayout)
			}
			return instant(time.UnixMilli(int64(v)), time.DateOnly)
		}, true
	case *array.Time32:
		unit := a.DataType().(*arrow.Time32Type).Unit
		return func(i int) (string, error) { return clock(int64(a.Value(i)), unit) }, true
	case *array.Time64:
		unit := a.DataType().(*arrow.Time64Type).Unit
		return func(i int) (string, error) { return clock(int64(a.Value(i)), unit) }, true
	}
	return nil, false
}

const (
	instantLayout = "2006-01-02T15:04:05.999999999"
	millisPerDay  = 24 * 60 * 60 * 1000
)

// instant returns the text of a time with a date.
func instant(t time.Time, layout string) (string, error) {
	t = t.UTC()
	if year := t.Year(); year < 0 || year > 9999 {
		return "", fmt.Errorf("it is a time in the year %d, whose text would not have the order of times", year)
	}
	return t.Format(layout), nil
}

// clock returns the text of a time of the day, the end of the day included.
func clock(v int64, unit arrow.TimeUnit) (string, error) {
	perSecond := int64(time.Second / unit.Multiplier())
	if v < 0 || v > 24*60*60*perSecond {
		return "", fmt.Errorf("%d%v is no time of a day, as its type says that it is: the file contradicts itself", v, unit)
	}
	s := v / perSecond
	text := fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	if unit == arrow.Second {
		return text, nil
	}
	return text + "." + fmt.Sprintf("%09d", v%perSecond*int64(unit.Multiplier()))[:3*int(unit)], nil
}

// fromTimes returns a column of the texts of times.
func fromTimes(e exec.Run, name string, a arrow.Array, times arrowTimes, valid []byte) (*column.Column, error) {
	var odd error
	c, err := encodeArrow(e, name, a, func(i int) string {
		text, err := times(i)
		if err != nil && odd == nil {
			odd = fmt.Errorf("column %q, row %d: %w; %s", name, i+1, err, column.LeaveOut(name))
		}
		return text
	}, valid)
	return c, exec.FirstError([]error{odd}, err)
}
