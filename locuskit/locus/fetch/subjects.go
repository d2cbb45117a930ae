package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"locuslab/locuskit"
	"locuslab/locuskit/table"
)

func fetchWhitelabels(ctx context.Context, c *locuskit.Client, _ *request, _ *cobra.Command, _ []string) (result, error) {
	list, err := c.Whitelabels(ctx)
	if err != nil {
		return result{}, err
	}
	return result{summary: fmt.Sprintf("%d whitelabels", len(list)), json: list, table: func() (table.Table, error) {
		ids, companies := make([]int, len(list)), make([]string, len(list))
		for i, w := range list {
			ids[i], companies[i] = w.ID, w.Company
		}
		return table.New([]string{"whitelabelid", "company"}, ids, companies)
	}}, nil
}

func connectionsResult(what string, list locuskit.Connections) result {
	if list == nil {
		list = locuskit.Connections{} // in JSON a list, not null
	}
	return result{summary: fmt.Sprintf("%d %s", len(list), what), json: list, table: list.Table}
}

func fetchConnections(ctx context.Context, c *locuskit.Client, r *request, _ *cobra.Command, _ []string) (result, error) {
	list, err := c.Whitelabels(ctx)
	if err != nil {
		return result{}, err
	}
	return result{stream: &stream{
		whitelabels: list,
		partial:     r.partial,
		fetch: func(ctx context.Context) iter.Seq2[locuskit.Fetched, error] {
			return c.ConnectionsAsCompleted(ctx, list, r.options()...)
		},
	}}, nil
}

func fetchDatasets(ctx context.Context, c *locuskit.Client, r *request, _ *cobra.Command, args []string) (result, error) {
	kind := "external"
	if len(args) == 1 {
		kind = args[0]
	}
	if kind != "external" {
		return result{}, &UsageError{fmt.Errorf("datasets of kind %q: only \"external\" is known", kind)}
	}
	all, err := c.DatasetsParallel(ctx, kind, r.options()...)
	return connectionsResult("data sets", all), err
}

func reportNumber(text string) (locuskit.Report, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, &UsageError{fmt.Errorf("report %q: want its number, such as 2163", text)}
	}
	return locuskit.Report(number), nil
}

func fetchFrequencies(ctx context.Context, c *locuskit.Client, _ *request, _ *cobra.Command, args []string) (result, error) {
	report, err := reportNumber(args[0])
	if err != nil {
		return result{}, err
	}
	list, err := c.AOIFrequencies(ctx, report)
	if err != nil {
		return result{}, err
	}
	return result{summary: fmt.Sprintf("%d spans of time", len(list)), json: list, table: func() (table.Table, error) {
		kinds, types := make([]string, len(list)), make([]int, len(list))
		starts, ends := make([]string, len(list)), make([]string, len(list))
		for i, f := range list {
			kinds[i], types[i] = f.Kind, f.Range.DateType
			starts[i], ends[i] = f.Range.Start.Format(time.DateOnly), f.Range.End.Format(time.DateOnly)
		}
		return table.New([]string{"date_range_type", "date_type", "start_date", "end_date"}, kinds, types, starts, ends)
	}}, nil
}

func fetchDataset(ctx context.Context, c *locuskit.Client, r *request, _ *cobra.Command, args []string) (result, error) {
	report, err := reportNumber(args[0])
	if err != nil {
		return result{}, err
	}
	spans, err := c.AOIFrequencies(ctx, report)
	if err != nil {
		return result{}, err
	}
	if len(spans) == 0 {
		return result{}, fmt.Errorf("report %d has data for no span of time", report)
	}
	at := len(spans) - 1
	if r.from != "" {
		asked := r.from + " to " + r.to
		if at = slices.IndexFunc(spans, func(f locuskit.Frequency) bool { return f.Range.String() == asked }); at < 0 {
			var has []string
			for _, s := range spans {
				has = append(has, s.Range.String())
			}
			return result{}, &UsageError{fmt.Errorf("report %d has no data for %s; it has %s", report, asked, strings.Join(has, ", "))}
		}
	}
	tab, err := c.Dataset(ctx, "eq", report, spans[at].Range)
	if err != nil {
		return result{}, err
	}
	return result{summary: fmt.Sprintf("%d rows of report %d, %v", tab.Rows(), report, spans[at].Range),
		table: func() (table.Table, error) { return tab, nil }}, nil
}

func fetchOutlines(ctx context.Context, c *locuskit.Client, r *request, cmd *cobra.Command, args []string) (result, error) {
	list, err := codes(args, cmd.InOrStdin())
	if err != nil {
		return result{}, err
	}
	collection, err := c.GeoJSONParallel(ctx, list, r.options()...)
	return result{summary: fmt.Sprintf("%d outlines", len(collection.Features)), json: collection, natural: "json", table: func() (table.Table, error) {
		ids, shapes := make([]string, len(collection.Features)), make([]string, len(collection.Features))
		for i, f := range collection.Features {
			ids[i] = fmt.Sprint(f.Properties["geo_id"])
			shape, err := json.Marshal(f.Geometry)
			if err != nil {
				return table.Table{}, fmt.Errorf("outline of %s: %w", ids[i], err)
			}
			shapes[i] = string(shape)
		}
		return table.New([]string{"geo_id", "geometry"}, ids, shapes)
	}}, err
}

func fetchEnrichments(ctx context.Context, c *locuskit.Client, _ *request, _ *cobra.Command, args []string) (result, error) {
	category := "demographic"
	if len(args) == 1 {
		category = args[0]
	}
	names, err := c.ListEnrichment(ctx, category)
	if err != nil {
		return result{}, err
	}
	return result{summary: fmt.Sprintf("%d enrichments", len(names)), json: names,
		table: func() (table.Table, error) { return table.New([]string{"enrichment"}, names) }}, nil
}

func fetchEnrichment(ctx context.Context, c *locuskit.Client, r *request, cmd *cobra.Command, args []string) (result, error) {
	list, err := codes(args[2:], cmd.InOrStdin())
	if err != nil {
		return result{}, err
	}
	asked, err := table.New([]string{"geo_id"}, list)
	if err != nil {
		return result{}, err
	}
	tab, err := c.EnrichParallel(ctx, asked, args[0], args[1], r.options()...)
	if err != nil {
		return result{}, err
	}
	return result{summary: fmt.Sprintf("%q of %d postal codes", args[1], tab.Rows()),
		table: func() (table.Table, error) { return tab, nil }}, nil
}
