package group

import (
	"fmt"
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group/keyset"
	"locuslab/locuskit/table/internal/large"
)

// enumeration numbers the distinct values among 64-bit keys of rows.
type enumeration struct {
	keys  []uint64                         // of each number
	order []int32                          // the numbers in ascending order of their keys; nil where any order will do
	fill  func(buf []int32, from, to int)  // numbers of rows
	read  func(dst []uint64, from, to int) // the keys of rows, as they come
	codes []int32                          // what fill makes numbers of
	ready bool                             // codes are the numbers
}

// enumerate numbers the distinct values among n 64-bit keys, which read gives: where a sample says
// that values repeat, each goroutine numbers what it sees, else parts of all values by their hash,
// whose tables stay in the processor's caches.
func enumerate(e exec.Run, n int, read func(dst []uint64, from, to int)) (*enumeration, error) {
	e.Progress = nil
	x := &enumeration{read: read, codes: large.Unzeroed[int32](n)}
	number := x.numberChunks
	if n > 1<<16 && x.diverse(n) {
		number = x.numberParts
	}
	if err := number(e, n); err != nil {
		return nil, err
	}
	if len(x.keys) > math.MaxInt32 {
		return nil, fmt.Errorf("more than %d distinct keys are more than this works on in memory", math.MaxInt32)
	}
	if e.AnyOrder {
		return x, nil
	}
	values := large.Zeroed[int64](len(x.keys))
	for i, k := range x.keys {
		values[i] = int64(k ^ 1<<63)
	}
	sorting, err := column.NewSortKey(e, column.OfInts("", values, nil), false)
	if err != nil {
		return nil, err
	}
	sorted, err := column.Order(e, len(values), []column.SortKey{sorting})
	if err != nil {
		return nil, err
	}
	rows, err := sorted.Rows(e)
	x.order = large.Zeroed[int32](len(rows))
	for place, i := range rows {
		x.order[place] = int32(i)
	}
	return x, err
}

// diverse reports whether a sample of n keys says that there are many.
func (x *enumeration) diverse(n int) bool {
	const sample = 4096
	some := keyset.New()
	var key [1]uint64
	for k := range sample {
		i := n / sample * k
		x.read(key[:], i, i+1)
		some.Number(key[0])
	}
	return len(some.Keys) > sample/8
}

// numberChunks has a set for each goroutine, and a table from the numbers of each set to those of all.
func (x *enumeration) numberChunks(e exec.Run, n int) error {
	made := make([]*keyset.Set, exec.ChunkCount(n, exec.ChunkRows))
	type scratch struct {
		set  *keyset.Set
		keys []uint64
	}
	fresh := func() scratch {
		s := scratch{keyset.New(), make([]uint64, BatchRows)}
		if n > 1<<16 { // with many slots for few keys, hardly any key is where another would be
			s.set = keyset.NewSized(13)
		}
		s.set.Run = e
		return s
	}
	err := exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(s scratch, chunk, from, to int) {
		for ; from < to; from += BatchRows {
			keys := s.keys[:min(BatchRows, to-from)]
			x.read(keys, from, from+len(keys))
			s.set.Numbers(x.codes[from:], keys)
		}
		made[chunk] = s.set
	})
	if err != nil {
		return err
	}
	all := keyset.New()
	all.Run = e
	tables := make([][]int32, len(made))
	known := map[*keyset.Set][]int32{}
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
	x.keys = all.Keys
	x.fill = func(buf []int32, from, to int) {
		for from < to {
			chunk := from / exec.ChunkRows
			end := min(to, (chunk+1)*exec.ChunkRows)
			table, out := tables[chunk], buf[:end-from]
			large.Touch(x.codes[from:end])
			for i, code := range x.codes[from:end] {
				out[i] = table[code]
			}
			from, buf = end, buf[end-from:]
		}
	}
	return e.Cancelled()
}
