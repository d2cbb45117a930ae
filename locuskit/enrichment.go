package locuskit

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"locuslab/locuskit/table"
)

// enrichBatch is how many postal codes one request of Enrich asks for.
const enrichBatch = 50

// ListEnrichment lists what a category, such as "demographic", can add to a
// table. It costs one request; the path is this project's own.
func (c *Client) ListEnrichment(ctx context.Context, category string) ([]string, error) {
	return get(ctx, c, question[[]string]{what: "enrichments of category " + category, path: "enrichments/" + url.PathEscape(category),
		read: func(text []byte) ([]string, error) {
			sent, err := decode[[]*string](text)
			if err != nil {
				return nil, err
			}
			names := make([]string, len(sent))
			for i, name := range sent {
				if name == nil {
					return nil, unexpected("name %d of %d is null", i+1, len(sent))
				}
				names[i] = *name
			}
			return names, nil
		}})
}

// Enrich returns t with columns of numbers about the postal code in its column
// geo_id, null where the service has none:
//
//	income, err := client.Enrich(ctx, visits, "demographic", "Household Income")
//
// Rows keep their order. It costs a request for each 50 distinct codes, one after
// another; the path is this project's own. A partial enrichment makes no
// table, so [Partial] has no effect.
func (c *Client) Enrich(ctx context.Context, t table.Table, category, name string, opts ...FetchOption) (table.Table, error) {
	return c.enrich(ctx, t, category, name, c.sequential(opts))
}

// EnrichParallel is Enrich with several requests at a time, 8 unless [Workers]
// says otherwise: the same table.
func (c *Client) EnrichParallel(ctx context.Context, t table.Table, category, name string, opts ...FetchOption) (table.Table, error) {
	return c.enrich(ctx, t, category, name, c.parallel(opts))
}

// numbersByCode is a service's answer about some codes: a row for each, in their order.
type numbersByCode struct {
	Columns []string
	Rows    [][]*float64 // nil is null
}

// sentNumbers is a numbersByCode as the service sends it.
type sentNumbers struct {
	Columns []*string    `json:"columns"`
	Rows    [][]*float64 `json:"rows"`
}

// numbersOf asks for some codes.
func numbersOf(category, name string, codes []string) question[numbersByCode] {
	return question[numbersByCode]{
		what:  fmt.Sprintf("enrichment %q of %s to %s", name, codes[0], codes[len(codes)-1]),
		path:  "enrichments/" + url.PathEscape(category) + "/" + url.PathEscape(name),
		query: url.Values{"codes": {strings.Join(codes, ",")}},
		read: func(text []byte) (numbersByCode, error) {
			sent, err := decode[sentNumbers](text)
			if err == nil {
				err = misread(whole(&sent), len(text))
			}
			var n numbersByCode
			switch {
			case err != nil:
				return n, err
			case len(sent.Columns) == 0:
				return n, unexpected("it has no columns")
			case len(sent.Rows) != len(codes):
				return n, unexpected("it has %d rows for %d codes", len(sent.Rows), len(codes))
			}
			for i, column := range sent.Columns {
				if column == nil || *column == "" || slices.Contains(n.Columns, *column) {
					return n, unexpected("its column %d has no name of its own", i+1)
				}
				n.Columns = append(n.Columns, *column)
			}
			n.Rows = sent.Rows
			for i, r := range n.Rows {
				if len(r) != len(n.Columns) {
					return n, unexpected("its row %d has %d numbers for %d columns", i+1, len(r), len(n.Columns))
				}
			}
			return n, nil
		},
	}
}

func (c *Client) enrich(ctx context.Context, t table.Table, category, name string, f fetch) (table.Table, error) {
	what := fmt.Sprintf("enrichment %q", name)
	rowCodes, err := codesOf(t)
	if err != nil {
		return table.Table{}, fmt.Errorf("locuskit: %s: %w", what, err)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(rowCodes)))
	batches := slices.Collect(slices.Chunk(distinct, enrichBatch))
	f.partial = false
	answers, err := collect(ctx, c, what, batches, f, func(codes []string) question[numbersByCode] {
		return numbersOf(category, name, codes)
	})
	if err != nil {
		return table.Table{}, err
	}
	return addNumbers(t, rowCodes, distinct, answers)
}

// codesOf returns the values of the column geo_id.
func codesOf(t table.Table) ([]string, error) {
	if err := t.Select("geo_id").Err(); err != nil {
		return nil, err
	}
	codes := make([]string, t.Rows())
	for i, row := range t.All() {
		code, ok := row.Value("geo_id").(string)
		if !ok {
			return nil, fmt.Errorf("column geo_id holds %v in row %d where a postal code is needed", row.Value("geo_id"), i)
		}
		codes[i] = code
	}
	return codes, nil
}

func addNumbers(t table.Table, rowCodes, distinct []string, answers []numbersByCode) (table.Table, error) {
	if len(answers) == 0 {
		return t, nil
	}
	place := make(map[string]int, len(distinct))
	for i, code := range distinct {
		place[code] = i
	}
	for _, name := range answers[0].Columns {
		at := make([]int, len(answers)) // where each answer has it: their columns may come in another order
		for i, a := range answers {
			if at[i] = slices.Index(a.Columns, name); at[i] < 0 || len(a.Columns) != len(answers[0].Columns) {
				return table.Table{}, fmt.Errorf("locuskit: enrich: the answers do not have the same columns: %q, but for %s and following %q; if a checkpoint kept them, delete it",
					answers[0].Columns, distinct[i*enrichBatch], a.Columns)
			}
		}
		if slices.Contains(t.Columns(), name) {
			return table.Table{}, fmt.Errorf("locuskit: enrich: the table has a column %q already: rename it", name)
		}
		t = t.With(name, func(r table.Row) (float64, bool) {
			i := place[rowCodes[r.Index()]]
			if v := answers[i/enrichBatch].Rows[i%enrichBatch][at[i/enrichBatch]]; v != nil {
				return *v, true
			}
			return 0, false
		})
	}
	if err := t.Err(); err != nil {
		return table.Table{}, fmt.Errorf("locuskit: enrich: %w", err)
	}
	return t, nil
}
