package locuskit

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"locuslab/locuskit/internal/sheet"
)

// Report is the number of a report on areas of interest, such as 2163.
type Report int

// Frequency is a span of time for which a report has data.
type Frequency struct {
	Kind  string    `json:"date_range_type"` // "week" or "month"
	Range DateRange `json:"date_range"`
}

// DateRange is a span of days, both ends included.
type DateRange struct {
	DateType int       `json:"date_type"` // 2 a week, 3 a month
	Start    time.Time `json:"start_date"`
	End      time.Time `json:"end_date"`
}

func (d DateRange) String() string {
	return d.Start.Format(time.DateOnly) + " to " + d.End.Format(time.DateOnly)
}

// Frequencies is a list that shows as a table.
type Frequencies []Frequency

// AOIFrequencies lists the spans of time for which a report has data. It costs
// one request; the path is this project's own.
func (c *Client) AOIFrequencies(ctx context.Context, report Report) (Frequencies, error) {
	return get(ctx, c, frequenciesOf(report))
}

func frequenciesOf(report Report) question[Frequencies] {
	return question[Frequencies]{
		what: fmt.Sprintf("frequencies of report %d", report),
		path: "reports/" + strconv.Itoa(int(report)) + "/aoi-frequencies",
		read: listOf[Frequencies]("span", (*sentFrequency).frequency),
	}
}

// sentFrequency is a [Frequency] as the service sends it.
type sentFrequency struct {
	Kind  *string        `json:"date_range_type"`
	Range *sentDateRange `json:"date_range"`
}

type sentDateRange struct {
	DateType *int       `json:"date_type"`
	Start    *time.Time `json:"start_date"`
	End      *time.Time `json:"end_date"`
}

func (s *sentFrequency) frequency() (Frequency, error) {
	if err := whole(s.Range); err != nil {
		return Frequency{}, fmt.Errorf("date_range: %w", err)
	}
	d := DateRange{*s.Range.DateType, *s.Range.Start, *s.Range.End}
	if d.End.Before(d.Start) {
		return Frequency{}, fmt.Errorf("%v ends before it begins", d)
	}
	return Frequency{*s.Kind, d}, nil
}

// HTML returns the list as a table.
func (f Frequencies) HTML() string { return f.sheet().HTML() }

// String returns the list as aligned text.
func (f Frequencies) String() string { return f.sheet().Text() }

func (f Frequencies) sheet() sheet.Sheet {
	return sheet.Sheet{
		Columns: []string{"date_range_type", "date_type", "start_date", "end_date"},
		Numeric: []bool{false, true, false, false},
		Rows:    len(f),
		Row: func(i int) []string {
			return []string{f[i].Kind, strconv.Itoa(f[i].Range.DateType), stamp(f[i].Range.Start), stamp(f[i].Range.End)}
		},
	}
}

// query adds the span to the parameters of a request.
func (d DateRange) query(q url.Values) {
	q.Set("date_type", strconv.Itoa(d.DateType))
	q.Set("start_date", stamp(d.Start))
	q.Set("end_date", stamp(d.End))
}
