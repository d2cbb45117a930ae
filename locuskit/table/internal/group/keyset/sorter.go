package keyset

import (
	"cmp"
	"math/bits"
	"slices"
)

// mostSorted is how many keys a sorter sorts: what it needs stays near the processor with far fewer, and is too large for
// it with more.
const mostSorted = 1 << 20

// sorter sorts the keys of one part after the other.
type sorter struct {
	pairs, spare []numbered
	ranks        []int32
}

// numbered is a key, less the smallest one, and its number before it is sorted.
type numbered struct {
	key    uint64
	number int32
}

// sort returns distinct keys in order, and the place there of each, in memory that the next call uses again.
func (s *sorter) sort(keys []uint64) (sorted []uint64, ranks []int32) {
	if len(keys) == 0 {
		return nil, nil
	}
	if len(s.ranks) < len(keys) {
		n := min(mostSorted, 2*len(keys))
		s.pairs, s.spare, s.ranks = make([]numbered, n), make([]numbered, n), make([]int32, n)
	}
	lo, hi := slices.Min(keys), slices.Max(keys)
	pairs := s.pairs[:len(keys)]
	for i, k := range keys {
		pairs[i] = numbered{k - lo, int32(i)}
	}
	if len(keys) < 1<<8 {
		slices.SortFunc(pairs, func(a, b numbered) int { return cmp.Compare(a.key, b.key) })
	} else {
		pairs = byDigits(pairs, s.spare[:len(keys)], uint(bits.Len64(hi-lo)))
	}
	sorted = make([]uint64, len(keys))
	for place, p := range pairs {
		sorted[place] = p.key + lo
		s.ranks[p.number] = int32(place)
	}
	return sorted, s.ranks
}

// byDigits sorts by keys of so many bits, the least significant digit first, and returns that of the two that has the result.
func byDigits(pairs, spare []numbered, width uint) []numbered {
	const most = 11
	passes := (width + most - 1) / most
	digit := (width + passes - 1) / passes
	mask := uint64(1)<<digit - 1
	for p := range passes {
		var at [1 << most]int32
		shift := p * digit & 63
		for i := range pairs {
			at[pairs[i].key>>shift&mask&(1<<most-1)]++
		}
		var next int32
		for d, n := range at[:mask+1] {
			at[d], next = next, next+n
		}
		for _, v := range pairs {
			d := &at[v.key>>shift&mask&(1<<most-1)]
			spare[*d] = v
			*d++
		}
		pairs, spare = spare, pairs
	}
	return pairs
}
