package locuskit

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// enrichBatch is how many postal codes one request of Enrich asks for.
const enrichBatch = 50

// ListEnrichment lists what a category, such as "demographic", can add to a
// table. It costs one request; the path is this project's own.
func (c *Client) ListEnrichment(ctx context.Context, category string) ([]string, error) {
	return get[[]string](ctx, c, "enrichments of category "+category, "enrichments/"+url.PathEscape(category), nil)
}

// Enrich returns t with columns of numbers about the postal code in its column
// geo_id:
//
//	income, err := client.Enrich(ctx, visits, "demographic", "Household Income")
//
// Rows keep their order. It costs a request for each 50 distinct codes, one after
// another; the path is this project's own. A partial enrichment makes no
// table, so [Partial] has no effect.
func (c *Client) Enrich(ctx context.Context, t Table, category, name string, opts ...FetchOption) (Table, error) {
	return c.enrich(ctx, t, category, name, c.sequential(opts))
}

// EnrichParallel is Enrich with several requests at a time, 8 unless [Workers]
// says otherwise: the same table.
func (c *Client) EnrichParallel(ctx context.Context, t Table, category, name string, opts ...FetchOption) (Table, error) {
	return c.enrich(ctx, t, category, name, c.parallel(opts))
}

// numbersByCode is a service's answer about some codes, in their order.
type numbersByCode struct {
	Columns []string    `json:"columns"`
	Rows    [][]float64 `json:"rows"`
}

func (c *Client) enrich(ctx context.Context, t Table, category, name string, f fetch) (Table, error) {
	what := fmt.Sprintf("enrichment %q", name)
	rowCodes, err := codesOf(t)
	if err != nil {
		return Table{}, fmt.Errorf("locuskit: %s: %w", what, err)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(rowCodes)))
	batches := slices.Collect(slices.Chunk(distinct, enrichBatch))
	f.partial = false
	answers, err := collect(ctx, what, batches, f, func(ctx context.Context, batch []string) (numbersByCode, error) {
		asked := fmt.Sprintf("%s of %s to %s", what, batch[0], batch[len(batch)-1])
		path := "enrichments/" + url.PathEscape(category) + "/" + url.PathEscape(name)
		a, err := get[numbersByCode](ctx, c, asked, path, url.Values{"codes": {strings.Join(batch, ",")}})
		if err != nil {
			return a, err
		}
		return a, a.check(asked, len(batch))
	})
	if err != nil {
		return Table{}, err
	}
	return addNumbers(t, rowCodes, distinct, answers)
}

// check finds what would put numbers beside the wrong code.
func (a numbersByCode) check(asked string, codes int) error {
	if len(a.Rows) != codes {
		return fmt.Errorf("locuskit: %s: answer has %d rows for %d codes", asked, len(a.Rows), codes)
	}
	for _, r := range a.Rows {
		if len(r) != len(a.Columns) {
			return fmt.Errorf("locuskit: %s: answer has a row of %d numbers for %d columns", asked, len(r), len(a.Columns))
		}
	}
	return nil
}

// codesOf is the column geo_id.
func codesOf(t Table) ([]string, error) {
	col, err := t.column("geo_id")
	if err != nil {
		return nil, err
	}
	codes := make([]string, col.n)
	for i := range codes {
		code, ok := col.value(i).(string)
		if !ok {
			return nil, fmt.Errorf("column geo_id holds %v in row %d where a postal code is needed", col.value(i), i)
		}
		codes[i] = code
	}
	return codes, nil
}

func addNumbers(t Table, rowCodes, distinct []string, answers []numbersByCode) (Table, error) {
	if len(answers) == 0 {
		return t, nil
	}
	place := make(map[string]int, len(distinct))
	for i, code := range distinct {
		place[code] = i
	}
	cols := slices.Clone(t.cols)
	for k, name := range answers[0].Columns {
		values := make([]float64, len(rowCodes))
		for i, code := range rowCodes {
			a := answers[place[code]/enrichBatch]
			if len(a.Columns) != len(answers[0].Columns) {
				return Table{}, fmt.Errorf("locuskit: add %s: the answers do not have the same columns", name)
			}
			values[i] = a.Rows[place[code]%enrichBatch][k]
		}
		cols = append(cols, floatColumn(name, values, nil))
	}
	out, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("locuskit: enrich: %w", err)
	}
	out.run = t.run
	return out, nil
}
