package fetchcmd

import (
	"context"
	"fmt"
	"strconv"

	"locuslab/locuskit"
)

func whitelabels(ctx context.Context, c *locuskit.Client, _ *request, _ []string) (result, error) {
	list, err := c.Whitelabels(ctx)
	if err != nil {
		return result{}, err
	}
	ids, companies := make([]int, len(list)), make([]string, len(list))
	for i, w := range list {
		ids[i], companies[i] = w.ID, w.Company
	}
	table, err := locuskit.NewTable([]string{"whitelabelid", "company"}, ids, companies)
	return result{list, table.WriteCSV}, err
}

func connections(ctx context.Context, c *locuskit.Client, r *request, _ []string) (result, error) {
	list, err := c.Whitelabels(ctx)
	if err != nil {
		return result{}, err
	}
	all, err := c.ConnectionsParallel(ctx, list, r.options()...)
	if err != nil {
		return result{}, err
	}
	table, err := all.Table()
	return result{all, table.WriteCSV}, err
}

func dataset(ctx context.Context, c *locuskit.Client, _ *request, args []string) (result, error) {
	number, err := strconv.Atoi(args[0])
	if err != nil {
		return result{}, fmt.Errorf("report %q: want its number, such as 2163", args[0])
	}
	spans, err := c.AOIFrequencies(ctx, locuskit.Report(number))
	if err != nil {
		return result{}, err
	}
	if len(spans) == 0 {
		return result{}, fmt.Errorf("report %d has data for no span of time", number)
	}
	table, err := c.Dataset(ctx, "eq", locuskit.Report(number), spans[len(spans)-1].Range)
	return result{csv: table.WriteCSV}, err
}

func outlines(ctx context.Context, c *locuskit.Client, r *request, codes []string) (result, error) {
	collection, err := c.GeoJSONParallel(ctx, codes, r.options()...)
	return result{json: collection}, err
}
