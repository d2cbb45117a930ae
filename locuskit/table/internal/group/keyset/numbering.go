package keyset

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Numbering is numbers of the distinct values among 64-bit keys of rows.
type Numbering struct {
	Keys  []uint64                        // of each number
	Order []int32                         // the numbers in ascending order of their keys; nil where they are in that order, or any will do
	Fill  func(buf []int32, from, to int) // numbers of rows
	Of    []int32                         // those of all rows, where they are there already; else nil
	from  Source
}

// Source is where keys come from.
type Source struct {
	Read func(dst []uint64, from, to int) // the keys of rows
	Ints []int64                          // the integers whose keys they are, in the order of the keys; nil: they are not of such
}

// signBit is what an integer's key has turned round.
const signBit = 1 << 63

// batch is how many keys are numbered at a time.
const batch = large.Batch

// Enumerate numbers the distinct values among n 64-bit keys, which read gives: where a sample says
// that values repeat, by a table of them where they are few, else each goroutine numbers what it sees; where they do not, parts of all values, whose tables stay in the
// processor's caches: by ranges of the keys, so that only parts are left to be sorted, or where keys lie too unevenly for
// that, by their hash.
func Enumerate(e exec.Run, n int, from Source) (*Numbering, error) {
	e.Progress = nil
	x := &Numbering{from: from}
	some := x.sample(n)
	repeated := distinct(some) <= mostFew
	if repeated && n >= fewFrom {
		if few, err := x.numberFew(e, n, slices.Compact(some)); few || err != nil {
			return x, err
		}
	}
	if repeated || n <= 1<<16 {
		if err := x.numberChunks(e, n); err != nil {
			return nil, err
		}
		return x, x.sort(e)
	}
	return x, x.numberParts(e, n, newRanges(some))
}

// sampled is of how many keys a sample is.
const sampled = 4096

// sample returns the keys of some of n rows, in order.
func (x *Numbering) sample(n int) []uint64 {
	some := make([]uint64, min(n, sampled))
	for k := range some {
		i := n / len(some) * k
		x.from.Read(some[k:k+1], i, i+1)
	}
	slices.Sort(some)
	return some
}

// distinct returns how many keys in order are distinct.
func distinct(sorted []uint64) (n int) {
	for i, k := range sorted {
		if i == 0 || k != sorted[i-1] {
			n++
		}
	}
	return n
}

// sort finds the order of the keys, unless any will do.
func (x *Numbering) sort(e exec.Run) error {
	if e.AnyOrder {
		return nil
	}
	values := large.Zeroed[int64](len(x.Keys))
	for i, k := range x.Keys {
		values[i] = int64(k ^ signBit)
	}
	sorting, err := column.NewSortKey(e, column.OfInts("", values, nil), false)
	if err != nil {
		return err
	}
	sorted, err := column.Order(e, len(values), []column.SortKey{sorting})
	if err != nil {
		return err
	}
	rows, err := sorted.Rows(e)
	x.Order = large.Zeroed[int32](len(rows))
	for place, i := range rows {
		x.Order[place] = int32(i)
	}
	return err
}

// numberChunks has a set for each goroutine, and a table from the numbers of each set to those of all.
func (x *Numbering) numberChunks(e exec.Run, n int) error {
	codes := large.Unzeroed[int32](n)
	made := make([]*Set, exec.ChunkCount(n, exec.ChunkRows))
	type scratch struct {
		set  *Set
		keys []uint64
	}
	fresh := func() scratch {
		s := scratch{New(), make([]uint64, batch)}
		if n > 1<<16 { // with many slots for few keys, hardly any key is where another would be
			s.set = NewSized(13)
		}
		s.set.Run = e
		return s
	}
	err := exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(s scratch, chunk, from, to int) {
		for ; from < to; from += batch {
			keys := s.keys[:min(batch, to-from)]
			x.from.Read(keys, from, from+len(keys))
			s.set.Numbers(codes[from:], keys)
		}
		made[chunk] = s.set
	})
	if err != nil {
		return err
	}
	all := New()
	all.Run = e
	tables := make([][]int32, len(made))
	known := map[*Set][]int32{}
	for chunk, set := range made {
		if known[set] == nil {
			known[set] = make([]int32, len(set.Keys))
			for i, k := range set.Keys {
				if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
					return e.Cancelled()
				}
				known[set][i] = all.Number(k)
			}
		}
		tables[chunk] = known[set]
	}
	x.Keys = all.Keys
	x.Fill = func(buf []int32, from, to int) {
		for from < to {
			chunk := from / exec.ChunkRows
			end := min(to, (chunk+1)*exec.ChunkRows)
			table, out := tables[chunk], buf[:end-from]
			large.Touch(codes[from:end])
			for i, code := range codes[from:end] {
				out[i] = table[code]
			}
			from, buf = end, buf[end-from:]
		}
	}
	return e.Cancelled()
}
