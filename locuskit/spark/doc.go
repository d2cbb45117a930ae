// Package spark runs the operations of package table on a Spark cluster, over Spark Connect. One word more than
// table.ScanParquet, and the rows are read and aggregated where the cluster is:
//
//	cluster, err := spark.Connect(ctx, "") // SPARK_REMOTE, or `go run ./locuskit/locus spark`
//	perCode, err := cluster.ScanParquet("/data/years.parquet").GroupSum(ctx, "geo_id", "visits")
//
// What comes back is a [table.Table], equal to what package table computes of the same rows: the same groups in the same
// order, nulls and NaNs treated alike, integers exact. Figures that Spark would approximate or compute otherwise are asked for
// in a form that is exact, or refused:
//
//   - Sums of integers are added in two halves that cannot overflow and are put together here in 128 bits; a sum beyond int64 is an
//     error, as it is in package table, and means of integers are rounded once.
//   - Quantiles are Spark's percentile, never its approximate form. It keeps each distinct value of a group in memory.
//   - Sums, means and deviations of floats are added in the order in which the machines finish, so that their last digits are not
//     always the same: see [Groups.Agg] for the bound.
//   - Rows have the order of the file, which Spark does not keep: a number of the row goes along.
//
// Columns of integers, floats, strings and bools can be used. Others, such as dates, timestamps, decimals, lists and strings with a
// collation, are refused by name and type, and stay where they are if nothing asks for them. What the server sends in another
// type than was asked for is an error. Columns that folder names give, such as day=2020-01-01, are strings.
//
// A query goes to the server as a plan in protocol buffers, never as SQL. Columns have numbers there: the names that a user or a
// file gave them do not travel, so that no name can be mistaken for syntax, and values are literals of the protocol.
//
// The messages are those of Apache's own client, github.com/apache/spark-connect-go. Its data frames are not used: they hold the
// whole result before the first row is seen, drop the reports of progress, have no call that interrupts, end no query on the
// server when a context ends, wait up to ten minutes between retries without looking at the context, and cannot name a column
// that has a dot. So this package speaks the service's calls itself; see execute.go.
//
// The package knows no notebooks, no LOCUS service and no Python, and starts no server.
package spark
