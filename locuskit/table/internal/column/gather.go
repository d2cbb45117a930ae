package column

import (
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Alike returns a column of ints that are what those of c are.
func (c *Column) Alike(of *Column) *Column {
	of.Instants = c.Instants
	return of
}

// EmptyLike returns a column of n zero values of c's name, kind and dictionary, to be
// filled.
func (c *Column) EmptyLike(n int) *Column {
	switch c.Kind {
	case Int:
		return c.Alike(OfInts(c.Name, large.Zeroed[int64](n), nil))
	case Float:
		return OfFloats(c.Name, large.Zeroed[float64](n), nil)
	case Bool:
		return OfBools(c.Name, large.Zeroed[bool](n), nil)
	}
	if c.Plain != nil {
		return OfViews(c.Name, large.Zeroed[uint64](n), &PlainText{Text: c.Plain.Text}, nil)
	}
	return OfCodes(c.Name, large.Zeroed[int32](n), c.Dict, nil)
}

// UnwrittenLike is EmptyLike for who writes every row: what is there before may be
// anything.
func (c *Column) UnwrittenLike(n int) *Column {
	switch c.Kind {
	case Int:
		return c.Alike(OfInts(c.Name, large.Unzeroed[int64](n), nil))
	case Float:
		return OfFloats(c.Name, large.Unzeroed[float64](n), nil)
	case Bool:
		return OfBools(c.Name, large.Unzeroed[bool](n), nil)
	}
	if c.Plain != nil {
		return OfViews(c.Name, large.Unzeroed[uint64](n), &PlainText{Text: c.Plain.Text}, nil)
	}
	return OfCodes(c.Name, large.Unzeroed[int32](n), c.Dict, nil)
}

// Touch brings the values of rows [from, to) into the processor's caches: see [large.Touch].
func (c *Column) Touch(from, to int) {
	switch {
	case c.Kind == Int:
		large.Touch(c.Ints[from:to])
	case c.Kind == Float:
		large.Touch(c.Floats[from:to])
	case c.Kind == Bool:
		large.Touch(c.Bools[from:to])
	case c.Plain != nil:
		large.Touch(c.Views[from:to])
	default:
		large.Touch(c.Codes[from:to])
	}
}

// Gather writes rows base+rows[k] of src to rows at+k of c, but for which are null.
func (c *Column) Gather(at int, src *Column, base int, rows []int32) {
	switch c.Kind {
	case Int:
		gather(c.Ints[at:], src.Ints[base:], rows)
	case Float:
		gather(c.Floats[at:], src.Floats[base:], rows)
	case Bool:
		gather(c.Bools[at:], src.Bools[base:], rows)
	case String:
		if c.Plain != nil {
			gather(c.Views[at:], src.Views[base:], rows)
		} else {
			gather(c.Codes[at:], src.Codes[base:], rows)
		}
	}
}

func gather[T any, R int32 | uint32](dst, src []T, rows []R) {
	dst = dst[:len(rows)]
	for k, r := range rows {
		dst[k] = src[r]
	}
}

// GatherBits writes bits base+rows[k] of src to bits at+k of dst, whose bits are
// zero. The bytes at the ends, which rows of other chunks may share, it writes
// under edges.
func GatherBits[R int32 | uint32](dst []byte, at int, src []byte, base int, rows []R, edges *sync.Mutex) {
	bit := func(k int) byte { i := base + int(rows[k]); return src[i>>3] >> (i & 7) & 1 }
	edge := func(from, to int) {
		if from >= to {
			return
		}
		edges.Lock()
		defer edges.Unlock()
		for k := from; k < to; k++ {
			dst[(at+k)>>3] |= bit(k) << ((at + k) & 7)
		}
	}
	k := min(len(rows), -at&7)
	edge(0, k)
	for ; k+8 <= len(rows); k += 8 {
		dst[(at+k)>>3] = bit(k) | bit(k+1)<<1 | bit(k+2)<<2 | bit(k+3)<<3 | bit(k+4)<<4 | bit(k+5)<<5 | bit(k+6)<<6 | bit(k+7)<<7
	}
	edge(k, len(rows))
}

// Shortened returns the first n rows of c, whose memory nothing else uses: where much of
// it would be left over, a copy.
func (c *Column) Shortened(n int) *Column {
	short := c.Slice(0, n)
	if c.N-n > n/8 {
		short.Ints, short.Floats = slices.Clone(short.Ints), slices.Clone(short.Floats)
		short.Codes, short.Bools = slices.Clone(short.Codes), slices.Clone(short.Bools)
		short.Views, short.Valid = slices.Clone(short.Views), slices.Clone(short.Valid)
	}
	return short
}

// Take returns the rows of c with the given numbers, in that order.
func (c *Column) Take(e exec.Run, rows []uint32) (*Column, error) {
	out := c.UnwrittenLike(len(rows))
	if c.Valid != nil {
		out.Valid = NewBitmap(len(rows))
	}
	var edges sync.Mutex // chunks begin at whole bytes: it is never waited for
	err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
		for at := from; at < to; at += large.Batch {
			out.takeRange(c, rows, at, min(at+large.Batch, to))
		}
		if c.Valid != nil {
			GatherBits(out.Valid, from, c.Valid, 0, rows[from:to], &edges)
		}
	})
	return out, err
}

// takeRange fills rows [from, to) of c with the numbered rows of src, but for which
// are null.
func (c *Column) takeRange(src *Column, rows []uint32, from, to int) {
	large.Touch(rows[from:to])
	switch c.Kind {
	case Int:
		gather(c.Ints[from:to], src.Ints, rows[from:to])
	case Float:
		gather(c.Floats[from:to], src.Floats, rows[from:to])
	case Bool:
		gather(c.Bools[from:to], src.Bools, rows[from:to])
	case String:
		if c.Plain != nil {
			gather(c.Views[from:to], src.Views, rows[from:to])
		} else {
			gather(c.Codes[from:to], src.Codes, rows[from:to])
		}
	}
}

const Missing = ^uint32(0)

// TakeOrNull returns the numbered rows of c, null for missing ones, of which holes tells
// whether there are any.
func TakeOrNull(e exec.Run, c *Column, rows []uint32, holes bool) (*Column, error) {
	if !holes {
		return c.Take(e, rows)
	}
	out := c.EmptyLike(len(rows))
	out.Valid = NewBitmap(len(rows))
	err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			r := rows[i]
			if r == Missing || c.Null(int(r)) {
				continue
			}
			out.Set(i, c, int(r))
		}
	})
	return out, err
}
