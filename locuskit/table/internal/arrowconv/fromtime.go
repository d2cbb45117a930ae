package arrowconv

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// arrowTimes is an array of times: when each is, and how it is written.
type arrowTimes struct {
	at     func(i int) time.Time
	layout string
}

// timesOf tells how the times of an array are written: so that texts have the order of the
// times, and one instant one text. Those of a zone are therefore in UTC: the clocks of a zone
// with summer time show an hour twice. +00:00 stands for Z, which comes after the point of a
// fraction.
func timesOf(a arrow.Array) (arrowTimes, bool) {
	switch a := a.(type) {
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		layout := "2006-01-02T15:04:05.999999999"
		if t.TimeZone != "" {
			layout += "+00:00"
		}
		return arrowTimes{func(i int) time.Time { return a.Value(i).ToTime(t.Unit) }, layout}, true
	case *array.Date32:
		return arrowTimes{func(i int) time.Time { return a.Value(i).ToTime() }, time.DateOnly}, true
	case *array.Date64:
		return arrowTimes{func(i int) time.Time { return a.Value(i).ToTime() }, time.DateOnly}, true
	}
	return arrowTimes{}, false
}

// fromTimes returns a column of the texts of times.
func fromTimes(e exec.Run, name string, a arrow.Array, times arrowTimes, valid []byte) (*column.Column, error) {
	var odd error
	c, err := encodeArrow(e, name, a, func(i int) string {
		at := times.at(i).UTC()
		if year := at.Year(); (year < 0 || year > 9999) && odd == nil {
			odd = fmt.Errorf("column %q, row %d: it is a time in the year %d, whose text would not have the order of times; %s", name, i+1, year, column.LeaveOut(name))
		}
		return at.Format(times.layout)
	}, valid)
	return c, exec.FirstError([]error{odd}, err)
}
