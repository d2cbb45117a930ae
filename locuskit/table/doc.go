// Package table holds tables of Arrow memory, reads and writes them as files, and aggregates what is larger than memory.
// Each operation comes in a sequential and a parallel form with the same arguments, whose results are equal to the last
// bit, so that the two can be timed side by side by swapping one word.
//
//	visits, err := table.ReadCSV(ctx, "visits.csv")
//	perCode := visits.GroupSum("geo_id", "visits")         // on one core
//	perCode = visits.GroupSumParallel("geo_id", "visits")  // on all
//	busy := perCode.Where("visits", ">", 100).Sort("-visits")
//	fmt.Println(busy.Explain())
//	perCode, err = table.ScanParquet("years.parquet").GroupSumParallel(ctx, "geo_id", "visits")
//
// A [Table] is read from CSV, Parquet, Arrow IPC or JSON, or made of Go slices, structs, an Arrow record
// or by a [Builder]; package gotatable copies to and from gota. t.SortParallel("-visits") is t.Parallel().Sort("-visits"). Files, pages and parts larger than memory
// are aggregated as a [Stream].
//
// What a file holds is kept or refused, never changed: a number becomes int or float only if
// it prints back as it was written (02116 and an id beyond int64 are text; see [ReadCSV]),
// nested columns are refused by name ([Except] reads the others), and a name that is not there
// is an error. [Table.Notes] is what a reader had to decide, such as a new name for the second
// column of two that are named alike; it shows below the table.
//
// locuskit/bench compares them with pandas, Modin, Polars, DuckDB and gota.
//
// # Errors
//
// The first failure of a table's operations stays in the table: it shows as that error, and
// [Table.Err] returns it. What has no place for an error panics with it ([Table.Rows],
// [Table.Columns], [Table.All], [Table.Schema]), so that a program cannot print zero rows for
// a misspelt name; in a notebook the panic is the cell's error. So does a [Row] that is asked for
// a column that is not there, but within [Table.Filter], whose table fails instead.
//
// # Where things are
//
// table.go is the type, column.go and dictionary.go its memory, values.go and row.go what Go sees of it,
// times.go what times are, show.go how it shows, structs.go makes it of structs and back, builder.go of values that come
// one after another. A file an
// operation: filter.go and where.go, nulls.go, compute.go and cast.go (whose columns fill.go fills), sort.go, unique.go,
// describe.go, quantile.go, join.go and joinkeys.go, concat.go and concatbyname.go, grouprows.go (rows of groups).
// A grouping is made by group.go: groupkey.go, grouping.go and
// enumerate.go number the groups, accumulate.go, tally.go, sums.go and extreme.go are running figures,
// groupresult.go their results. workers.go, chunk.go and explain.go are how all of them run in parallel,
// radix.go and runs.go how they sort.
//
// Files: reading.go is what all readers can be told. csv….go, parquet….go, ipc.go, json.go, arrow.go and
// from….go. stream.go reads what is
// larger than memory, streammerge.go and streamstate.go put its parts together.
//
// Below internal/ is what needs no tables: csvtext (blocks, records and fields), utf8text (encodings), numtext
// (numbers in text), parquetpage (pages and their encodings), hadooplz4 (a compression),
// ipcframe (whether an Arrow file's lengths can be true), ctxio (reading and writing that a context ends). It shares
// wholefile (writing), jsontext (texts that JSON cannot hold as they were meant) and sheet (a table as HTML and text) with
// the client.
//
// The package knows nothing of HTTP or of the LOCUS service, nor of notebooks beyond the HTML that a table shows as.
package table
