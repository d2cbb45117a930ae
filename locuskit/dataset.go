package locuskit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"locuslab/locuskit/table"
)

// DatasetOption says what part of a report a dataset is to hold.
type DatasetOption interface{ applyDataset(url.Values) }

type datasetOption func(url.Values)

func (o datasetOption) applyDataset(q url.Values) { o(q) }

// Enhancement sets what the rows are about; the default is "aoi", visits to the
// report's points of interest.
func Enhancement(name string) DatasetOption {
	return datasetOption(func(q url.Values) { q.Set("enhancement", name) })
}

// Resolution sets what a row's geo_id names; the default is "postalcode".
func Resolution(name string) DatasetOption {
	return datasetOption(func(q url.Values) { q.Set("resolution", name) })
}

// applyDataset makes a span of time an option: the one of a [Frequency].
func (d DateRange) applyDataset(q url.Values) { d.query(q) }

// Dataset fetches a report's rows from a source, "eq" for LOCUS's own, as a table of
// geo_id (string), poi_id, visits and visitors (integers). A span of time,
// one of [Client.AOIFrequencies], must be among the options:
//
//	frequencies, err := client.AOIFrequencies(ctx, 2163)
//	visits, err := client.Dataset(ctx, "eq", 2163, frequencies[5].Range)
//
// It costs one request, whose answer is read into the table as it arrives; its text
// is never in memory as a whole. The path is this project's own.
func (c *Client) Dataset(ctx context.Context, source string, report Report, opts ...DatasetOption) (table.Table, error) {
	q := url.Values{"enhancement": {"aoi"}, "resolution": {"postalcode"}}
	for _, o := range opts {
		if o != nil {
			o.applyDataset(q)
		}
	}
	what := fmt.Sprintf("dataset of report %d from %q", report, source)
	if !q.Has("start_date") {
		return table.Table{}, fmt.Errorf("locuskit: %s: no span of time: pass the Range of one of AOIFrequencies", what)
	}
	path := "datasets/" + url.PathEscape(source) + "/" + strconv.Itoa(int(report))
	rows, err := get(ctx, c, question[*visitRows]{what: what, path: path, query: q, stream: readVisits})
	if err != nil {
		return table.Table{}, err
	}
	t, err := rows.table.Table()
	if err != nil {
		return table.Table{}, fmt.Errorf("locuskit: %s: %w", what, err)
	}
	return t, nil
}

// ScanDataset returns the rows of a dataset over several spans of time as a stream: a page a
// span, one request each, so that a year of weeks needs the memory of as many weeks as there
// are workers:
//
//	weeks := client.ScanDataset("eq", 2163, []locuskit.DateRange{frequencies[0].Range, frequencies[1].Range})
//	perCode, err := weeks.GroupSumParallel(ctx, "geo_id", "visits")
//
// opts are those of [Client.Dataset], without a span. Nothing is asked for until the stream is
// aggregated; each aggregation asks anew.
func (c *Client) ScanDataset(source string, report Report, spans []DateRange, opts ...DatasetOption) table.Stream {
	name := fmt.Sprintf("dataset of report %d from %q", report, source)
	return table.ScanParts(name, len(spans), func(ctx context.Context, i int) (table.Table, error) {
		page, err := c.Dataset(ctx, source, report, append(opts[:len(opts):len(opts)], spans[i])...)
		if err != nil {
			return table.Table{}, fmt.Errorf("%v: %w", spans[i], err)
		}
		return page, nil
	})
}

// visitRows gathers the columns of a dataset while its JSON is read, row after
// row, so that the rows never exist as Go values all at once.
type visitRows struct {
	table                  *table.Builder
	codes                  table.Appender[string]
	pois, visits, visitors table.Appender[int64]
}

func newVisitRows() *visitRows {
	b := table.NewBuilder()
	return &visitRows{b, b.Strings("geo_id"), b.Ints("poi_id"), b.Ints("visits"), b.Ints("visitors")}
}

// sentVisits is a row of a dataset as the service sends it.
type sentVisits struct {
	Code     *string `json:"geo_id"`
	POI      *int64  `json:"poi_id"`
	Visits   *int64  `json:"visits"`
	Visitors *int64  `json:"visitors"`
}

// readVisits reads a dataset as it arrives.
func readVisits(body io.Reader) (*visitRows, error) {
	v := newVisitRows()
	d := json.NewDecoder(body)
	if t, err := d.Token(); err != nil {
		return nil, broken(err)
	} else if t != json.Delim('[') {
		return nil, fmt.Errorf("it is %v where a list was expected", t)
	}
	for row := 1; d.More(); row++ {
		var r sentVisits
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("row %d: %w", row, broken(err))
		}
		if err := whole(&r); err != nil {
			return nil, fmt.Errorf("row %d: %w", row, err)
		}
		v.codes.Append(*r.Code)
		v.pois.Append(*r.POI)
		v.visits.Append(*r.Visits)
		v.visitors.Append(*r.Visitors)
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(err)
	}
	switch _, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return v, nil
	case err != nil:
		return nil, fmt.Errorf("after the list's end: %w", err)
	}
	return nil, errors.New("there is more after the list's end")
}

// broken marks an end in the middle as a fault of the transfer.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
