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
// [Table.Err] returns it. Methods that cannot return an error panic with it ([Table.Rows],
// [Table.Columns], [Table.All], [Table.Schema]), so that a program cannot print zero rows for
// a misspelt name; in a notebook the panic is the cell's error. So does a [Row] that is asked for
// a column that is not there, except within [Table.Filter], whose table fails instead.
//
// # Where things are
//
// This package is the API. Each operation has a file, which looks up the named columns, has an internal package compute new
// ones and records how that ran. table.go is the type, options.go and readoptions.go are the options of operations and readers,
// values.go, row.go and structs.go what Go sees of a table, builder.go makes one of values that come one after another, show.go
// is how it shows. csv.go, json.go, parquet.go, ipc.go and arrow.go are its files, stream.go reads what is larger than memory.
//
// Below internal/, from the bottom up: exec runs chunks and tasks; column is the memory of a column and what is done to one
// by itself; stats, group and join compute statistics, groups and pairs of rows; reading is the options of readers, and csv, json,
// parquet and arrowconv read and write columns, with csvtext, utf8text, numtext, parquetpage, hadooplz4, emptypages and ipcframe for the
// forms of text and files; structs converts structs; ctxio reads and writes until a context ends.
//
// The package knows nothing of HTTP or of the LOCUS service, nor of notebooks beyond the HTML that a table shows as.
package table
