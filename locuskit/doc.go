// Package locuskit is a client for the LOCUS location-data service, made for
// lessons and for work: every fetch that asks once per item comes in a
// sequential and a parallel form with equal results in equal order, so that
// the two can be timed side by side by swapping one word.
//
//	client, err := locuskit.New() // LOCUS_URL and API_TOKEN from the environment
//	whitelabels, err := client.Whitelabels(ctx)
//	conns, err := client.Connections(ctx, whitelabels)                                 // one after another
//	conns, err = client.ConnectionsParallel(ctx, whitelabels, locuskit.Workers(8)) // eight at a time
//	locuskit.Show(conns[:5])
//
// What is fetched as rows is a [table.Table], whose operations come in the same two forms:
//
//	visits, err := client.Dataset(ctx, "eq", 2163, january)
//	perCode := visits.GroupSumParallel("geo_id", "visits", table.Workers(2))
//
// An option belongs to the package of what it is given to: locuskit.Workers bounds the requests of a fetch, and
// table.Workers the goroutines of a table's operation.
//
// # The service
//
// The base address is https://api.locus.place/prod unless LOCUS_URL or
// [WithURL] says otherwise; the token travels in the header eq-api-jwt.
// Of the service's paths only GET /connections?whitelabel=ID is documented
// publicly. The others, GET /whitelabels among them, are this
// project's own and are answered by the embedded service in
// locuskit/locustest.
//
// # Fetching many
//
// Each fetch that asks once per item runs at most [Workers] requests at a time, and returns the
// answers in the items' order or, as [Client.ConnectionsAsCompleted] does, yields them as they come.
// With [Checkpoint] it resumes where it was interrupted, with [Partial] it goes on past failures, and with [Adaptive] it keeps
// to the pace that the service takes. Of a client, [WithRate], [WithRetryBudget], [WithHedge], [WithCallTimeout] and
// [WithMaxBytes] bound what it asks and takes; [Client.Stats] and [Client.Timeline] report what it did, and
// [WithLogger] and [WithTracerProvider] what it does as it happens.
//
// The same on the command line is `go run ./locuskit/locus fetch`.
//
// # Errors
//
// A failed call returns an [*Error] that says what was asked, how often it was
// tried, why it failed and what to do, and that wraps the cause. Requests
// that may succeed when repeated (429, 5xx, a connection reset, a truncated
// answer) are repeated with growing pauses, never shorter than Retry-After. What no retry can help (an invalid
// certificate, a circular redirect, a port that does not exist) is tried once.
// A list is never silently short or another's: it is complete, or there is an error. An answer that lacks a field
// or has null for a number, or things of another whitelabel or postal code, is an error, off the wire as from a
// checkpoint.
//
// # The token
//
// The token is sent to the service and nowhere else: it appears in no error,
// log, URL or display, and a redirect to another host does not carry it. Where the service repeats it, an error has
// "[token]" in its place, also if it comes escaped, percent-encoded, as HTML or in base64.
//
// # Where things are
//
// The client: client.go and options.go make one, question.go says what is asked and what an answer must be, request.go,
// redirect.go, response.go, retry.go, unreachable.go, hedge.go, rate.go, budget.go and compression.go are one call, fetch.go, fanout.go, completed.go,
// adaptive.go and checkpoint.go many; stats.go, timing.go and
// trace.go tell what was done. whitelabels.go, connections.go, datasets.go, dataset.go, frequencies.go,
// enrichment.go and geojson.go are a path of the service each.
//
// Tables are package table below it, progress and its bars package progress. Of internal/ the client uses redact (takes a
// secret out of texts), sheet (shows a list as HTML and text), limiter (finds how many requests a service can take), journal
// (the file of a checkpoint) and jsontext (finds texts that JSON would silently change).
//
// The package knows nothing of Jupyter beyond gonb's display protocol, by which lists are shown in a notebook, nothing of
// how a table holds its columns, and nothing of how the embedded service makes its data.
package locuskit
