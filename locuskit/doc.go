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
// # Tables
//
// What is fetched, or read from CSV, Parquet, Arrow IPC, JSON, structs or a gota data frame,
// is a [Table] of Arrow memory, whose operations come in the same two forms, with the same arguments, equal to
// the last bit: t.Sort("-visits") and t.SortParallel("-visits"), which is t.Parallel().Sort("-visits"). Files and datasets larger than memory are aggregated as a [Stream].
//
//	visits, err := client.Dataset(ctx, "eq", 2163, january)
//	perCode := visits.GroupSum("geo_id", "visits")                                 // on one core
//	perCode = visits.GroupSumParallel("geo_id", "visits")                          // on all
//	busy := perCode.Where("visits", ">", 100).Sort("-visits")
//	fmt.Println(busy.Explain())
//	perCode, err = locuskit.ScanParquet("years.parquet").GroupSumParallel(ctx, "geo_id", "visits")
//
// What a file holds is kept or refused, never changed: a number becomes int or float only if
// it prints back as it was written (02116 and an id beyond int64 are text; see [ReadCSV]),
// nested columns are refused by name ([Except] reads the others), and a name that is not there
// is an error. [Table.Notes] is what a reader had to decide, such as a new name for the second
// column of two that are named alike; it shows below the table.
//
// locuskit/bench compares them with pandas, Modin, Polars, DuckDB and gota.
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
// [Checkpoint] lets it go on where it was broken off, [Partial] past what fails, and [Adaptive] at the pace
// that the service takes. Of a client, [WithRate], [WithRetryBudget], [WithHedge], [WithCallTimeout] and
// [WithMaxBytes] bound what it asks and takes; [Client.Stats] and [Client.Timeline] say what it did, and
// [WithLogger] and [WithTracerProvider] tell it as it happens.
//
// The same on the command line is `go run ./locuskit/locus fetch`.
//
// # Errors
//
// The first failure of a table's operations stays in the table: it shows as that error, and
// [Table.Err] returns it. What has no place for an error panics with it ([Table.Rows],
// [Table.Columns], [Table.All], [Table.Schema]), so that a program cannot print zero rows for
// a misspelt name; in a notebook the panic is the cell's error. So does a [Row] that is asked for
// a column that is not there, but within [Table.Filter], whose table fails instead.
//
// A failed call returns an [*Error] that says what was asked, how often it was
// tried, why it failed and what to do, and that wraps the cause. Requests
// that may succeed when repeated (429, 5xx, a connection reset, a truncated
// answer) are repeated with growing pauses, never shorter than Retry-After. What will be no better the next
// time (a certificate that is not valid, a redirect in circles, a port that does not exist) is asked once.
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
// adaptive.go and checkpoint.go many, progress.go and bar.go what is seen of them; stats.go, timing.go and
// trace.go tell what was done. whitelabels.go, connections.go, datasets.go, dataset.go, frequencies.go,
// enrichment.go and geojson.go are a path of the service each.
//
// Tables: table.go is the type, column.go and dictionary.go its memory, values.go and row.go what Go sees of it,
// times.go what times are, tableshow.go and display.go how it shows, structs.go makes it of structs and back. A file an
// operation: filter.go and where.go, nulls.go, compute.go and cast.go (whose columns fill.go fills), sort.go, unique.go,
// describe.go, quantile.go, join.go and joinkeys.go, concat.go and concatbyname.go, grouprows.go (rows of groups).
// A grouping is made by group.go: groupkey.go, grouping.go and
// enumerate.go number the groups, accumulate.go, tally.go, sums.go and extreme.go are running figures,
// groupresult.go their results. workers.go, chunk.go and explain.go are how all of them run in parallel,
// radix.go and runs.go how they sort.
//
// Files: reading.go is what all readers can be told. csv….go, parquet….go, ipc.go, json.go, arrow.go and
// from….go, gota.go. stream.go reads what is
// larger than memory, streammerge.go and streamstate.go put its parts together.
//
// Below internal/ is what needs no tables: csvtext (blocks, records and fields), utf8text (encodings), numtext
// (numbers in text), parquetpage (pages and their encodings), hadooplz4 (a compression), wholefile (writing),
// ipcframe (whether an Arrow file's lengths can be true), untildone (reading and writing that a context ends),
// jsontext (texts that JSON cannot hold as they were meant), redact (a secret taken out of texts), sheet (a
// list as HTML and text), gate (how many requests a
// service can take).
//
// The package knows nothing of Jupyter beyond gonb's display protocol, by
// which tables and progress bars are shown in a notebook, and nothing of how
// the embedded service makes its data.
package locuskit
