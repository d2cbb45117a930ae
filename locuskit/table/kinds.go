package table

import "locuslab/locuskit/table/internal/column"

// Kind is the type of a column.
type Kind = column.Kind

// The kinds of column. Each is laid out in memory as Arrow lays it out: Int, Timestamp
// and Float as 8-byte values, Bool as one byte a row in memory and one bit in
// files, String as 4-byte codes into a dictionary of distinct values, or where values
// hardly repeat as places in their text.
const (
	Int       = column.Int    // int64
	Float     = column.Float  // float64; NaN is a value, not a null
	String    = column.String // UTF-8
	Bool      = column.Bool
	Timestamp = column.Timestamp // instants to the microsecond, in UTC
)
