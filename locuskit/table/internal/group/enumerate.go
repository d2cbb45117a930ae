package group

import (
	"fmt"
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// enumeration numbers the distinct values among 64-bit keys of rows.
type enumeration struct {
	keys  []uint64                         // of each number
	order []int32                          // the numbers in ascending order of their keys; nil where any order will do
	fill  func(buf []int32, from, to int)  // numbers of rows
	read  func(dst []uint64, from, to int) // the keys of rows, as they come
	codes []int32                          // what fill makes numbers of
}

// enumerate numbers the distinct values among n 64-bit keys, which read gives: where a sample says
// that values repeat, each goroutine numbers what it sees, else parts of all values by their hash,
// whose tables stay in the processor's caches.
func enumerate(e exec.Run, n int, read func(dst []uint64, from, to int)) (*enumeration, error) {
	e.Progress = nil
	x := &enumeration{read: read, codes: column.Unzeroed[int32](n)}
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
	values := make([]int64, len(x.keys))
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
	x.order = make([]int32, len(rows))
	for place, i := range rows {
		x.order[place] = int32(i)
	}
	return x, err
}

// diverse reports whether a sample of n keys says that there are many.
func (x *enumeration) diverse(n int) bool {
	const sample = 4096
	some := NewNumberSet()
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
	made := make([]*NumberSet, exec.ChunkCount(n, exec.ChunkRows))
	type scratch struct {
		set  *NumberSet
		keys []uint64
	}
	fresh := func() scratch {
		s := scratch{NewNumberSet(), make([]uint64, BatchRows)}
		if n > 1<<16 { // with many slots for few keys, hardly any key is where another would be
			s.set = newNumberSet(13)
		}
		s.set.Run = e
		return s
	}
	err := exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(s scratch, chunk, from, to int) {
		for ; from < to; from += BatchRows {
			keys := s.keys[:min(BatchRows, to-from)]
			x.read(keys, from, from+len(keys))
			s.set.numbers(x.codes[from:], keys)
		}
		made[chunk] = s.set
	})
	if err != nil {
		return err
	}
	all := NewNumberSet()
	all.Run = e
	tables := make([][]int32, len(made))
	known := map[*NumberSet][]int32{}
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
			for i, code := range x.codes[from:end] {
				out[i] = table[code]
			}
			from, buf = end, buf[end-from:]
		}
	}
	return e.Cancelled()
}

// keyItem is a key to be numbered.
type keyItem struct {
	key    uint64
	row    uint32 // in its chunk
	number int32  // in its part
}

const (
	keyParts    = 1 << 8
	keyRows     = 16 * exec.ChunkRows // rows that are shared out at a time, which bounds the memory for it
	partNumbers = 24                  // bits of a number in its part
)

// partOfKey takes bits of a hash that sets do not look at.
func partOfKey(k uint64) int { return int(column.MixWord(k) >> 16 & (keyParts - 1)) }

// numberParts shares the keys out by hash and numbers each part for itself.
func (x *enumeration) numberParts(e exec.Run, n int) error {
	sets := make([]*NumberSet, keyParts)
	for p := range sets {
		sets[p] = NewNumberSet()
	}
	items := make([]keyItem, min(n, keyRows))
	starts := make([][keyParts + 1]int32, exec.ChunkCount(len(items), exec.ChunkRows))
	for first := 0; first < n; first += len(items) {
		rows := min(len(items), n-first)
		err := x.shareOut(e, items, starts, first, rows)
		if err == nil {
			err = e.Tasks(keyParts, func(p int) {
				for chunk := range exec.ChunkCount(rows, exec.ChunkRows) {
					from := chunk * exec.ChunkRows
					part := items[from+int(starts[chunk][p]) : from+int(starts[chunk][p+1])]
					for i := range part {
						part[i].number = sets[p].Number(part[i].key)
					}
				}
			})
		}
		if err == nil {
			err = e.Chunks(rows, exec.ChunkRows, func(chunk, from, to int) {
				out := x.codes[first+from : first+to]
				for p := range keyParts {
					for _, item := range items[from+int(starts[chunk][p]) : from+int(starts[chunk][p+1])] {
						out[item.row] = int32(uint32(p)<<partNumbers | uint32(item.number))
					}
				}
			})
		}
		if err != nil {
			return err
		}
	}
	bases := make([]int32, keyParts)
	for p, set := range sets {
		if len(set.Keys) > 1<<partNumbers || len(x.keys) > math.MaxInt32 {
			return fmt.Errorf("the distinct keys are more than the %d that this works on in memory", math.MaxInt32)
		}
		bases[p] = int32(len(x.keys))
		x.keys = append(x.keys, set.Keys...)
	}
	x.fill = func(buf []int32, from, to int) {
		buf = buf[:to-from]
		for i, code := range x.codes[from:to] {
			buf[i] = bases[uint32(code)>>partNumbers] + code&(1<<partNumbers-1)
		}
	}
	return nil
}

// shareOut puts the keys of rows from first on into items, those of each chunk by their part.
func (x *enumeration) shareOut(e exec.Run, items []keyItem, starts [][keyParts + 1]int32, first, rows int) error {
	fresh := func() []uint64 { return make([]uint64, exec.ChunkRows) }
	return exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(keys []uint64, chunk, from, to int) {
		keys = keys[:to-from]
		x.read(keys, first+from, first+to)
		var at [keyParts + 1]int32
		for _, k := range keys {
			at[partOfKey(k)+1]++
		}
		for p := range keyParts {
			at[p+1] += at[p]
		}
		starts[chunk] = at
		out := items[from:to]
		for i, k := range keys {
			p := partOfKey(k)
			out[at[p]] = keyItem{key: k, row: uint32(i)}
			at[p]++
		}
	})
}
