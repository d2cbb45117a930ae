package locuskit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.opentelemetry.io/otel/trace/noop"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
	"locuslab/locuskit/progress"
	"locuslab/locuskit/table"
)

// exampleService returns the embedded service with a client: quick, and for 120 whitelabels, as the real one was.
func exampleService(opts ...locuskit.Option) (client *locuskit.Client, stop func()) {
	service := locustest.New(locustest.Speed(1e6))
	client, err := locuskit.New(append([]locuskit.Option{locuskit.WithURL(service.URL), locuskit.WithToken(service.Token)}, opts...)...)
	if err != nil {
		panic(err)
	}
	return client, func() { client.Close(); service.Close() }
}

// exampleWhitelabels returns the first three whitelabels.
func exampleWhitelabels(client *locuskit.Client) locuskit.Whitelabels {
	all, err := client.Whitelabels(context.Background())
	if err != nil {
		panic(err)
	}
	return all[:3]
}

func ExampleNew() {
	service := locustest.New() // or the real one: then New needs no options
	defer service.Close()
	client, err := locuskit.New(locuskit.WithURL(service.URL), locuskit.WithToken(service.Token))
	if err != nil {
		panic(err)
	}
	defer client.Close()
	whitelabels, err := client.Whitelabels(context.Background())
	fmt.Println(len(whitelabels), err)
	// Output:
	// 120 <nil>
}

func ExampleClient_Whitelabels() {
	client, stop := exampleService()
	defer stop()
	whitelabels, err := client.Whitelabels(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(whitelabels[:3])
	// Output:
	//    whitelabelid  company
	// 0             1  Atom
	// 1             2  AdLoop
	// 2             3  Advantex
}

func ExampleClient_Connections() {
	client, stop := exampleService()
	defer stop()
	ctx, whitelabels := context.Background(), exampleWhitelabels(client)

	conns, err := client.Connections(ctx, whitelabels) // one request after another
	if err != nil {
		panic(err)
	}
	same, err := client.ConnectionsParallel(ctx, whitelabels, locuskit.Workers(8)) // eight at a time
	if err != nil {
		panic(err)
	}
	fmt.Println(len(conns), len(same), conns[0].Name == same[0].Name)
	// Output:
	// 45 45 true
}

func ExampleClient_ConnectionsAsCompleted() {
	client, stop := exampleService()
	defer stop()
	records := make(map[int]int)
	for got, err := range client.ConnectionsAsCompleted(context.Background(), exampleWhitelabels(client), locuskit.Workers(8)) {
		if err != nil {
			panic(err)
		}
		for _, c := range got.Connections {
			records[got.Whitelabel.ID] += c.Records
		}
	}
	fmt.Println(len(records))
	// Output:
	// 3
}

func ExampleConnections_Table() {
	client, stop := exampleService()
	defer stop()
	conns, err := client.Connections(context.Background(), exampleWhitelabels(client))
	if err != nil {
		panic(err)
	}
	t, err := conns.Table()
	if err != nil {
		panic(err)
	}
	fmt.Println(t.GroupBy("whitelabel").Agg(table.Count("id").As("connections"), table.Sum("records")))
	// Output:
	//    whitelabel  connections  records_sum
	// 0           1           14      1033872
	// 1           2           12      1520226
	// 2           3           19      1570221
}

func ExampleClient_Datasets() {
	client, stop := exampleService()
	defer stop()
	sets, err := client.DatasetsParallel(context.Background(), "external", locuskit.Workers(16))
	if err != nil {
		panic(err)
	}
	fmt.Println(len(sets))
	// Output:
	// 2477
}

func ExampleClient_AOIFrequencies() {
	client, stop := exampleService()
	defer stop()
	frequencies, err := client.AOIFrequencies(context.Background(), 2163)
	if err != nil {
		panic(err)
	}
	fmt.Println(frequencies)
	// Output:
	//    date_range_type  date_type  start_date                end_date
	// 0  week                     2  2020-01-01T00:00:00.000Z  2020-01-05T00:00:00.000Z
	// 1  week                     2  2020-01-06T00:00:00.000Z  2020-01-12T00:00:00.000Z
	// 2  week                     2  2020-01-13T00:00:00.000Z  2020-01-19T00:00:00.000Z
	// 3  week                     2  2020-01-20T00:00:00.000Z  2020-01-26T00:00:00.000Z
	// 4  week                     2  2020-01-27T00:00:00.000Z  2020-01-31T00:00:00.000Z
	// 5  month                    3  2020-01-01T00:00:00.000Z  2020-01-31T00:00:00.000Z
}

// january2020 is a month for which report 2163 has data.
var january2020 = locuskit.DateRange{DateType: 3, Start: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2020, 1, 31, 0, 0, 0, 0, time.UTC)}

func ExampleClient_Dataset() {
	client, stop := exampleService()
	defer stop()
	visits, err := client.Dataset(context.Background(), "eq", 2163, january2020)
	if err != nil {
		panic(err)
	}
	fmt.Println(visits.GroupSum("geo_id", "visits").Sort("-visits").Head(3))
	// Output:
	//    geo_id  visits
	// 0  L0K1S0     562
	// 1  L0S1N0     525
	// 2  L4B4H6     475
}

func ExampleDatasetOption() {
	client, stop := exampleService()
	defer stop()
	// These are the defaults.
	visits, err := client.Dataset(context.Background(), "eq", 2163, january2020, locuskit.Enhancement("aoi"), locuskit.Resolution("postalcode"))
	if err != nil {
		panic(err)
	}
	fmt.Println(visits.Columns())
	// Output:
	// [geo_id poi_id visits visitors]
}

func ExampleClient_ScanDataset() {
	client, stop := exampleService()
	defer stop()
	months := []locuskit.DateRange{january2020} // a request for each, once the stream is aggregated
	perCode, err := client.ScanDataset("eq", 2163, months).GroupSumParallel(context.Background(), "geo_id", "visits", table.Workers(2))
	if err != nil {
		panic(err)
	}
	fmt.Println(perCode.Sort("-visits", "geo_id").Head(2))
	// Output:
	//    geo_id  visits
	// 0  L0K1S0     562
	// 1  L0S1N0     525
}

func ExampleClient_ListEnrichment() {
	client, stop := exampleService()
	defer stop()
	names, err := client.ListEnrichment(context.Background(), "demographic")
	fmt.Println(names, err)
	// Output:
	// [Household Income Education Breakdown Resident Age Breakdown] <nil>
}

func ExampleClient_Enrich() {
	client, stop := exampleService()
	defer stop()
	codes, err := table.New([]string{"geo_id"}, []string{"L0K1S0", "L0S1N0"})
	if err != nil {
		panic(err)
	}
	income, err := client.Enrich(context.Background(), codes, "demographic", "Household Income")
	if err != nil {
		panic(err)
	}
	fmt.Println(income)
	// Output:
	//    geo_id  average_household_income  median_household_income
	// 0  L0K1S0                 120656.57                101097.46
	// 1  L0S1N0                   95338.2                118417.64
}

func ExampleClient_GeoJSON() {
	client, stop := exampleService()
	defer stop()
	outlines, err := client.GeoJSONParallel(context.Background(), []string{"L0K1S0", "L0S1N0"})
	if err != nil {
		panic(err)
	}
	for _, f := range outlines.Features {
		fmt.Println(f.Properties["geo_id"], f.Geometry.Type)
	}
	// Output:
	// L0K1S0 Polygon
	// L0S1N0 Polygon
}

func ExampleClient_GeoJSONAsCompleted() {
	client, stop := exampleService()
	defer stop()
	for got, err := range client.GeoJSONAsCompleted(context.Background(), []string{"L0K1S0"}) {
		if err != nil {
			panic(err)
		}
		fmt.Println(got.Code, got.Feature.Geometry.Type)
	}
	// Output:
	// L0K1S0 Polygon
}

func ExampleClient_Stats() {
	client, stop := exampleService()
	defer stop()
	exampleWhitelabels(client)
	stats := client.Stats()
	fmt.Println(stats.Requests, stats.Failed, stats.Repeated, stats.P95 > 0)
	// Output:
	// 1 0 0 true
}

func ExampleClient_Timeline() {
	client, stop := exampleService()
	defer stop()
	exampleWhitelabels(client)
	for _, sent := range client.Timeline() {
		fmt.Println(sent.What, sent.Attempt, sent.Status)
	}
	// Output:
	// whitelabels 1 200
}

func ExampleSent() {
	client, stop := exampleService()
	defer stop()
	exampleWhitelabels(client)
	sent := client.Timeline()[0]
	fmt.Println(sent.End().Sub(sent.Start) == sent.Took, sent.Outrun())
	// Output:
	// true false
}

func ExampleClient_Close() {
	client, stop := exampleService()
	defer stop()
	client.Close()                               // what is idle
	fmt.Println(len(exampleWhitelabels(client))) // it can still be used
	// Output:
	// 3
}

func ExampleShow() {
	client, stop := exampleService()
	defer stop()
	locuskit.Show(exampleWhitelabels(client)) // in a notebook an HTML table
	// Output:
	//    whitelabelid  company
	// 0             1  Atom
	// 1             2  AdLoop
	// 2             3  Advantex
}

func ExampleError() {
	client, stop := exampleService(locuskit.WithHeader("X-Locus-Fault", "503"), locuskit.WithAttempts(2), locuskit.WithBackoff(time.Millisecond, time.Millisecond))
	defer stop()
	_, err := client.Whitelabels(context.Background())
	var failed *locuskit.Error
	if errors.As(err, &failed) {
		fmt.Println(failed.What, failed.Status, failed.Attempts, "attempts")
	}
	// Output:
	// whitelabels 503 2 attempts
}

func ExampleWorkers() {
	client, stop := exampleService()
	defer stop()
	conns, err := client.ConnectionsParallel(context.Background(), exampleWhitelabels(client), locuskit.Workers(2))
	fmt.Println(len(conns), err)
	// Output:
	// 45 <nil>
}

func ExampleAdaptive() {
	client, stop := exampleService()
	defer stop()
	// As many requests at a time as the service answers well, up to 64.
	conns, err := client.ConnectionsParallel(context.Background(), exampleWhitelabels(client), locuskit.Adaptive(), locuskit.Workers(64))
	fmt.Println(len(conns), err)
	// Output:
	// 45 <nil>
}

func ExampleCheckpoint() {
	client, stop := exampleService()
	defer stop()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	whitelabels, kept := exampleWhitelabels(client), locuskit.Checkpoint(filepath.Join(dir, "connections.ckpt"))
	for range 2 {
		before := client.Stats().Requests
		conns, err := client.ConnectionsParallel(context.Background(), whitelabels, kept)
		fmt.Println(len(conns), err, client.Stats().Requests-before, "requests")
	}
	// Output:
	// 45 <nil> 3 requests
	// 45 <nil> 0 requests
}

func ExamplePartial() {
	client, stop := exampleService()
	defer stop()
	whitelabels := append(exampleWhitelabels(client), locuskit.Whitelabel{ID: 99999})
	conns, err := client.ConnectionsParallel(context.Background(), whitelabels, locuskit.Partial())
	fmt.Println(len(conns), err != nil)
	// Output:
	// 45 true
}

func ExampleOption() {
	// For a service that is far, busy and metered.
	client, stop := exampleService(
		locuskit.WithAttempts(5),
		locuskit.WithBackoff(100*time.Millisecond, 10*time.Second),
		locuskit.WithRequestTimeout(20*time.Second),
		locuskit.WithCallTimeout(time.Minute),
		locuskit.WithRetryBudget(0.2),
		locuskit.WithRate(50, 10),
		locuskit.WithMaxBytes(16<<20),
		locuskit.WithTimeline(1000),
	)
	defer stop()
	fmt.Println(len(exampleWhitelabels(client)))
	// Output:
	// 3
}

func ExampleWithURL() {
	client, err := locuskit.New(locuskit.WithURL("http://localhost:8080"), locuskit.WithToken("secret"))
	fmt.Println(client, err) // nothing has been sent
	// Output:
	// locuskit.Client(http://localhost:8080) <nil>
}

func ExampleWithToken() {
	service := locustest.New(locustest.Token("secret"))
	defer service.Close()
	client, err := locuskit.New(locuskit.WithURL(service.URL), locuskit.WithToken("another"), locuskit.WithAttempts(1))
	if err != nil {
		panic(err)
	}
	defer client.Close()
	_, err = client.Whitelabels(context.Background())
	var failed *locuskit.Error
	fmt.Println(errors.As(err, &failed) && failed.Status == http.StatusUnauthorized)
	// Output:
	// true
}

func ExampleWithHedge() {
	client, stop := exampleService(locuskit.WithHedge(5 * time.Second))
	defer stop()
	exampleWhitelabels(client)
	fmt.Println(client.Stats().Hedged) // it was answered in time
	// Output:
	// 0
}

func ExampleWithHeader() {
	// The embedded service answers 401, as for a token that has expired.
	client, stop := exampleService(locuskit.WithHeader("X-Locus-Fault", "expired"))
	defer stop()
	_, err := client.Whitelabels(context.Background())
	fmt.Println(err != nil, client.Stats().Requests)
	// Output:
	// true 1
}

func ExampleWithHTTP2() {
	client, stop := exampleService(locuskit.WithHTTP2())
	defer stop()
	fmt.Println(len(exampleWhitelabels(client)))
	// Output:
	// 3
}

func ExampleWithHTTPClient() {
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	defer transport.CloseIdleConnections()
	client, stop := exampleService(locuskit.WithHTTPClient(&http.Client{Transport: transport}))
	defer stop()
	fmt.Println(len(exampleWhitelabels(client)))
	// Output:
	// 3
}

func ExampleWithLogger() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelWarn}))
	client, stop := exampleService(locuskit.WithLogger(logger))
	defer stop()
	fmt.Println(len(exampleWhitelabels(client))) // nothing was repeated
	// Output:
	// 3
}

func ExampleWithProgress() {
	report := func(r progress.Report) { fmt.Fprintln(os.Stderr, r.Done, "of", r.Total) } // only of what takes longer than a second
	client, stop := exampleService(locuskit.WithProgress(report))
	defer stop()
	conns, err := client.Connections(context.Background(), exampleWhitelabels(client))
	fmt.Println(len(conns), err)
	// Output:
	// 45 <nil>
}

func ExampleWithTracerProvider() {
	client, stop := exampleService(locuskit.WithTracerProvider(noop.NewTracerProvider())) // or your SDK's
	defer stop()
	fmt.Println(len(exampleWhitelabels(client)))
	// Output:
	// 3
}

func ExampleTime() {
	locuskit.Time(func() { time.Sleep(time.Millisecond) }) // prints CPU times and Wall time, as %%time does
}
