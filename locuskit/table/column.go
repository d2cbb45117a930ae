package table

import (
	"fmt"
	"math"
	"math/bits"
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

// column is one immutable column. Exactly one of ints, floats, codes and bools
// is in use, as kind says, which is how values are held; what they are says [column.holds]. valid is an Arrow validity bitmap, nil where no
// value is null. What stands at a null's place is unspecified but legal: a
// code there is a code of the dictionary, or 0.
type column struct {
	name   string
	kind   Kind
	n      int
	ints   []int64
	floats []float64
	codes  []int32
	bools  []bool
	dict   *dictionary
	views  []uint64   // of strings without a dictionary, in place of codes
	plain  *plainText // what views are of
	valid  []byte
	stats  *intStats
	exact  bool // every value of dict occurs in some row

	instants bool // ints are times: all that orders, groups and moves ints does so with times
}

// holds is what the values are.
func (c *column) holds() Kind {
	if c.instants {
		return Timestamp
	}
	return c.kind
}

// intStats is a range of an integer column's values, found once, on first use:
// it tells whether keys may index an array and whether a sum can overflow.
type intStats struct {
	mu       sync.Mutex
	known    bool
	min, max int64
}

// knownRange is a range that was found while the column was made: none of its values,
// nor what stands at its nulls, is outside.
func knownRange(lo, hi int64) *intStats {
	return &intStats{known: true, min: lo, max: hi}
}

func intColumn(name string, v []int64, valid []byte) *column {
	return &column{name: name, kind: Int, n: len(v), ints: v, valid: valid, stats: new(intStats)}
}

func floatColumn(name string, v []float64, valid []byte) *column {
	return &column{name: name, kind: Float, n: len(v), floats: v, valid: valid}
}

func boolColumn(name string, v []bool, valid []byte) *column {
	return &column{name: name, kind: Bool, n: len(v), bools: v, valid: valid}
}

func stringColumn(name string, codes []int32, d *dictionary, valid []byte) *column {
	return &column{name: name, kind: String, n: len(codes), codes: codes, dict: d, valid: valid}
}

func (c *column) null(i int) bool {
	return c.valid != nil && c.valid[i>>3]&(1<<(i&7)) == 0
}

func (c *column) nulls() int {
	if c.valid == nil {
		return 0
	}
	return c.n - countBits(c.valid, c.n)
}

// value is the value of row i as Go sees it, nil for a null.
func (c *column) value(i int) any {
	if c.null(i) {
		return nil
	}
	switch c.kind {
	case Int:
		if c.instants {
			return instant(c.ints[i])
		}
		return c.ints[i]
	case Float:
		return c.floats[i]
	case Bool:
		return c.bools[i]
	}
	return c.str(i)
}

// intRange is a range that holds every value of an integer column, values at
// nulls included, which are zero or what the source put there: mostly the
// narrowest. min > max for an empty column.
func (c *column) intRange(e exec.Run) (lo, hi int64) {
	s := c.stats
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known {
		return s.min, s.max
	}
	type span struct{ lo, hi int64 }
	spans := make([]span, exec.ChunkCount(c.n, exec.ChunkRows))
	err := e.Quiet().Chunks(c.n, exec.ChunkRows, func(chunk, from, to int) {
		a, b := int64(math.MaxInt64), int64(math.MinInt64)
		for _, v := range c.ints[from:to] {
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

// slice is rows [lo, hi) of c, sharing its memory where the validity bitmap
// allows.
func (c *column) slice(lo, hi int) *column {
	out := *c
	out.n, out.exact = hi-lo, c.exact && hi-lo == c.n
	switch c.kind {
	case Int:
		out.ints, out.stats = c.ints[lo:hi:hi], new(intStats)
	case Float:
		out.floats = c.floats[lo:hi:hi]
	case Bool:
		out.bools = c.bools[lo:hi:hi]
	case String:
		if c.plain != nil {
			out.views, out.plain = c.views[lo:hi:hi], &plainText{text: c.plain.text}
		} else {
			out.codes = c.codes[lo:hi:hi]
		}
	}
	if c.valid != nil {
		if lo&7 == 0 {
			out.valid = c.valid[lo>>3 : (hi+7)>>3]
		} else {
			out.valid = newBitmap(out.n)
			bitutil.CopyBitmap(c.valid, lo, out.n, out.valid, 0)
		}
	}
	return &out
}

func newBitmap(n int) []byte { return make([]byte, (n+7)/8) }

func setBit(b []byte, i int) { b[i>>3] |= 1 << (i & 7) }

func fullBitmap(n int) []byte {
	b := newBitmap(n)
	for i := range b {
		b[i] = 0xff
	}
	return b
}

func clearBit(b []byte, i int) { b[i>>3] &^= 1 << (i & 7) }

func countBits(b []byte, n int) int {
	count := 0
	for _, x := range b[:n>>3] {
		count += bits.OnesCount8(x)
	}
	if n&7 != 0 {
		count += bits.OnesCount8(b[n>>3] & (1<<(n&7) - 1))
	}
	return count
}
