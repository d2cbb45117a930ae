// Package column is one column of a table: its memory, laid out as Arrow's, and what can be done to a column by itself,
// such as taking rows of it, sorting, comparing, converting and giving its strings a dictionary. It knows no tables, no
// groups and no files.
package column

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow/bitutil"

	"locuslab/locuskit/table/internal/exec"
)

// Kind is the type of a column.
type Kind uint8

// The kinds of column. Each is laid out in memory as Arrow lays it out: Int, Timestamp
// and Float as 8-byte values, Bool as one byte a row in memory and one bit in
// files, String as 4-byte codes into a dictionary of distinct values, or where values
// hardly repeat as places in their text.
const (
	Int    Kind = iota + 1 // int64
	Float                  // float64; NaN is a value, not a null
	String                 // UTF-8, dictionary-encoded
	Bool
	Timestamp // instants to the microsecond, in UTC
)

func (k Kind) String() string {
	switch k {
	case Int:
		return "int"
	case Float:
		return "float"
	case String:
		return "string"
	case Bool:
		return "bool"
	case Timestamp:
		return "time"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Column is one column, immutable once it is part of a table. Exactly one of Ints, Floats, Bools, Codes and Views
// is in use, as Kind says, which is how values are held; [Column.Holds] is what they are. Valid is an Arrow validity bitmap,
// nil where no value is null. What stands at a null's place is unspecified but legal: a
// code there is a code of the dictionary, or 0.
type Column struct {
	Name   string
	Kind   Kind
	N      int
	Ints   []int64
	Floats []float64
	Codes  []int32
	Bools  []bool
	Dict   *Dictionary
	Views  []uint64   // of strings without a dictionary, in place of codes
	Plain  *PlainText // what views are of
	Valid  []byte
	Stats  *IntStats
	Exact  bool // every value of Dict occurs in some row

	Instants bool // Ints are times: all that orders, groups and moves Ints does so with times
}

// Holds returns what the values are.
func (c *Column) Holds() Kind {
	if c.Instants {
		return Timestamp
	}
	return c.Kind
}

// IntStats is a range of an integer column's values, found once, on first use:
// it reports whether keys may index an array and whether a sum can overflow.
type IntStats struct {
	mu       sync.Mutex
	known    bool
	min, max int64
}

// KnownRange returns a range that was found while the column was made: none of its values,
// nor what stands at its nulls, is outside.
func KnownRange(lo, hi int64) *IntStats {
	return &IntStats{known: true, min: lo, max: hi}
}

// OfInts returns a column of ints; valid is nil where no value is null.
func OfInts(name string, v []int64, valid []byte) *Column {
	return &Column{Name: name, Kind: Int, N: len(v), Ints: v, Valid: valid, Stats: new(IntStats)}
}

// OfFloats returns a column of floats; valid is nil where no value is null.
func OfFloats(name string, v []float64, valid []byte) *Column {
	return &Column{Name: name, Kind: Float, N: len(v), Floats: v, Valid: valid}
}

// OfBools returns a column of bools; valid is nil where no value is null.
func OfBools(name string, v []bool, valid []byte) *Column {
	return &Column{Name: name, Kind: Bool, N: len(v), Bools: v, Valid: valid}
}

// OfCodes returns a column of strings with a dictionary; valid is nil where no value is null.
func OfCodes(name string, codes []int32, d *Dictionary, valid []byte) *Column {
	return &Column{Name: name, Kind: String, N: len(codes), Codes: codes, Dict: d, Valid: valid}
}

// Null reports whether row i has no value.
func (c *Column) Null(i int) bool {
	return c.Valid != nil && c.Valid[i>>3]&(1<<(i&7)) == 0
}

// Nulls returns how many rows have no value.
func (c *Column) Nulls() int {
	if c.Valid == nil {
		return 0
	}
	return c.N - CountBits(c.Valid, c.N)
}

// Value returns the value of row i as Go sees it, nil for a null.
func (c *Column) Value(i int) any {
	if c.Null(i) {
		return nil
	}
	switch c.Kind {
	case Int:
		if c.Instants {
			return Instant(c.Ints[i])
		}
		return c.Ints[i]
	case Float:
		return c.Floats[i]
	case Bool:
		return c.Bools[i]
	}
	return c.Str(i)
}

// IntRange returns a range that holds every value of an integer column, values at
// nulls included, which are zero or what the source put there: mostly the
// narrowest. min > max for an empty column.
func (c *Column) IntRange(e exec.Run) (lo, hi int64) {
	s := c.Stats
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known {
		return s.min, s.max
	}
	type span struct{ lo, hi int64 }
	spans := make([]span, exec.ChunkCount(c.N, exec.ChunkRows))
	err := e.Quiet().Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		a, b := int64(math.MaxInt64), int64(math.MinInt64)
		for _, v := range c.Ints[from:to] {
			a, b = min(a, v), max(b, v)
		}
		spans[chunk] = span{a, b}
	})
	if err != nil {
		return math.MinInt64, math.MaxInt64 // true of every column; the caller is about to see the error
	}
	s.min, s.max = math.MaxInt64, math.MinInt64
	for _, sp := range spans {
		s.min, s.max = min(s.min, sp.lo), max(s.max, sp.hi)
	}
	s.known = true
	return s.min, s.max
}

// Slice returns rows [lo, hi) of c, sharing its memory where the validity bitmap
// allows.
func (c *Column) Slice(lo, hi int) *Column {
	out := *c
	out.N, out.Exact = hi-lo, c.Exact && hi-lo == c.N
	switch c.Kind {
	case Int:
		out.Ints, out.Stats = c.Ints[lo:hi:hi], new(IntStats)
	case Float:
		out.Floats = c.Floats[lo:hi:hi]
	case Bool:
		out.Bools = c.Bools[lo:hi:hi]
	case String:
		if c.Plain != nil {
			out.Views, out.Plain = c.Views[lo:hi:hi], &PlainText{Text: c.Plain.Text}
		} else {
			out.Codes = c.Codes[lo:hi:hi]
		}
	}
	if c.Valid != nil {
		if lo&7 == 0 {
			out.Valid = c.Valid[lo>>3 : (hi+7)>>3]
		} else {
			out.Valid = NewBitmap(out.N)
			bitutil.CopyBitmap(c.Valid, lo, out.N, out.Valid, 0)
		}
	}
	return &out
}

// NewBitmap returns a bitmap of n bits, none of which is set.
func NewBitmap(n int) []byte { return make([]byte, (n+7)/8) }

// SetBit sets bit i of a bitmap.
func SetBit(b []byte, i int) { b[i>>3] |= 1 << (i & 7) }

// FullBitmap returns a bitmap of n bits, all of which are set.
func FullBitmap(n int) []byte {
	b := NewBitmap(n)
	for i := range b {
		b[i] = 0xff
	}
	return b
}

// ClearBit clears bit i of a bitmap.
func ClearBit(b []byte, i int) { b[i>>3] &^= 1 << (i & 7) }

// CountBits returns how many of the first n bits are set.
func CountBits(b []byte, n int) int {
	count := 0
	for _, x := range b[:n>>3] {
		count += bits.OnesCount8(x)
	}
	if n&7 != 0 {
		count += bits.OnesCount8(b[n>>3] & (1<<(n&7) - 1))
	}
	return count
}

// Numbers reports whether the column holds ints or floats.
func (c *Column) Numbers() bool { return c.Kind == Int && !c.Instants || c.Kind == Float }

// Presence is 1 for a value and 0 for a null.
func Presence(valid []byte, i int) int64 { return int64(valid[i>>3] >> (i & 7) & 1) }

// Article returns a kind with its article, for errors.
func Article(k Kind) string {
	if k == Int {
		return "an int"
	}
	return "a " + k.String()
}

// LeaveOut says how to read a file without columns.
func LeaveOut(names ...string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return "table.Except(" + strings.Join(quoted, ", ") + ") reads the others"
}
