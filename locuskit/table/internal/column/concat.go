package column

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow/bitutil"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Concat returns columns of one kind, which have rows rows together, one below the other.
func Concat(e exec.Run, parts []*Column, rows int) (*Column, error) {
	if len(parts) == 1 {
		return parts[0], nil
	}
	out := parts[0].EmptyLike(rows)
	if slices.ContainsFunc(parts, func(p *Column) bool { return p.Plain != nil }) {
		out = OfViews(out.Name, large.Zeroed[uint64](rows), nil, nil)
		if err := concatPlain(e, parts, out); err != nil {
			return nil, err
		}
	}
	var all *DictionaryBuilder
	recode := make(map[*Dictionary][]int32)
	if out.Kind == String && out.Plain == nil {
		all = NewDictionaryBuilder()
		out.Exact = true
		for _, p := range parts {
			out.Exact = out.Exact && p.Exact
			if recode[p.Dict] == nil {
				recode[p.Dict] = all.Absorb(e, p.Dict)
			}
		}
		if err := e.Cancelled(); err != nil {
			return nil, err
		}
		if all.Full {
			return nil, ErrDictionaryFull(out.Name)
		}
		out.Dict = all.Build()
	}
	starts := make([]int, len(parts))
	at := 0
	for i, p := range parts {
		starts[i] = at
		at += p.N
		if p.Valid == nil {
			continue
		}
		if out.Valid == nil {
			out.Valid = FullBitmap(rows)
		}
		bitutil.CopyBitmap(p.Valid, 0, p.N, out.Valid, starts[i])
	}
	if out.Plain != nil {
		return out, nil
	}
	err := e.Tasks(len(parts), func(i int) {
		p := parts[i]
		// If it is cancelled, the tasks return that error.
		_ = e.Quiet().Sequential().Chunks(p.N, exec.ChunkRows, func(_, from, to int) {
			out.Put(starts[i]+from, p, from, to, recode[p.Dict])
		})
	})
	return out, err
}

// Put writes rows [from, to) of src to rows at and on of c, but for which are null. recode
// is c's code for each of src's.
func (c *Column) Put(at int, src *Column, from, to int, recode []int32) {
	switch c.Kind {
	case Int:
		copy(c.Ints[at:], src.Ints[from:to])
	case Float:
		copy(c.Floats[at:], src.Floats[from:to])
	case Bool:
		copy(c.Bools[at:], src.Bools[from:to])
	case String:
		dst := c.Codes[at:][:to-from]
		for k, code := range src.Codes[from:to] {
			if int(code) < len(recode) { // not so where all values are null
				dst[k] = recode[code]
			}
		}
	}
}

// Set gives row k of c the value of row i of src, which has c's dictionary.
func (c *Column) Set(k int, src *Column, i int) {
	SetBit(c.Valid, k)
	switch c.Kind {
	case Int:
		c.Ints[k] = src.Ints[i]
	case Float:
		c.Floats[k] = src.Floats[i]
	case Bool:
		c.Bools[k] = src.Bools[i]
	case String:
		if c.Plain != nil {
			c.Views[k] = src.Views[i]
		} else {
			c.Codes[k] = src.Codes[i]
		}
	}
}
