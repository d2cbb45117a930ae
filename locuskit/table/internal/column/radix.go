package column

import (
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Ordering is the rows of a table in the order of keys.
type Ordering struct {
	pairs []uint64   // a word of the keys and the row's number, in order
	word  []wordPart // what the word is made of
	whole bool       // the word is all of the keys
}

// Order sorts by the keys, the first deciding first, equal rows in their order.
//
// Keys are packed into words of up to 32 bits. A word and its row number make
// one uint64, which is what a pass moves: least significant word first, 11 bits
// or fewer a pass.
func Order(e exec.Run, n int, keys []SortKey) (Ordering, error) {
	words := packWords(keys)
	pairs, spare := large.Zeroed[uint64](n), large.Zeroed[uint64](n)
	for w := len(words) - 1; w >= 0; w-- {
		word := words[w]
		var err error
		if w == len(words)-1 {
			err = firstPairs(e, pairs, word)
		} else {
			err = nextPairs(e, pairs, word)
		}
		if err != nil {
			return Ordering{}, err
		}
		var width uint
		for _, part := range word {
			width += part.width
		}
		passes := (width + 10) / 11
		for p := range passes {
			digit := (width + passes - 1) / passes
			if err := radixPass(e, spare, pairs, 32+p*digit, digit); err != nil {
				return Ordering{}, err
			}
			pairs, spare = spare, pairs
		}
	}
	return Ordering{pairs, words[0], len(words) == 1}, nil
}

// Rows returns the row numbers in order.
func (o Ordering) Rows(e exec.Run) ([]uint32, error) {
	rows := large.Zeroed[uint32](len(o.pairs))
	err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
		out := rows[from:to]
		for i, p := range o.pairs[from:to] {
			out[i] = uint32(p)
		}
	})
	return rows, err
}

// firstPairs pairs each row, as the rows are, with its word.
func firstPairs(e exec.Run, pairs []uint64, word []wordPart) error {
	return exec.ChunksWith(e, len(pairs), exec.ChunkRows, newWordBuffer, func(b *wordBuffer, _, from, to int) {
		for ; from < to; from += len(b.words) {
			end := min(from+len(b.words), to)
			out := pairs[from:end]
			for i, k := range b.fill(word, from, end) {
				out[i] = uint64(k)<<32 | uint64(uint32(from+i))
			}
		}
	})
}

// nextPairs gives the rows, in the order that they have by now, another word.
func nextPairs(e exec.Run, pairs []uint64, word []wordPart) error {
	key := make([]uint32, len(pairs))
	err := exec.ChunksWith(e, len(pairs), exec.ChunkRows, newWordBuffer, func(b *wordBuffer, _, from, to int) {
		for ; from < to; from += len(b.words) {
			end := min(from+len(b.words), to)
			copy(key[from:end], b.fill(word, from, end))
		}
	})
	if err != nil {
		return err
	}
	return e.Chunks(len(pairs), exec.ChunkRows, func(_, from, to int) {
		part := pairs[from:to]
		for i, p := range part {
			row := uint32(p)
			part[i] = uint64(key[row])<<32 | uint64(row)
		}
	})
}

// wordPart is width bits of a key, from bit shift.
type wordPart struct {
	key          SortKey
	shift, width uint
}

// packWords distributes the bits of keys over words of at most 32 bits, most
// significant first.
func packWords(keys []SortKey) [][]wordPart {
	words := [][]wordPart{nil}
	room := uint(32)
	for _, k := range keys {
		for left := k.width; left > 0; {
			if room == 0 {
				words = append(words, nil)
				room = 32
			}
			width := min(left, room)
			left -= width
			room -= width
			words[len(words)-1] = append(words[len(words)-1], wordPart{k, left, width})
		}
	}
	return words
}

// wordBuffer is where a goroutine makes words, a batch of rows at a time.
type wordBuffer struct {
	keys  []uint64
	words []uint32
}

func newWordBuffer() *wordBuffer {
	const batch = 4096 // 48 KiB: near the processor
	return &wordBuffer{make([]uint64, batch), make([]uint32, batch)}
}

// fill makes the words of rows [from, to).
func (b *wordBuffer) fill(word []wordPart, from, to int) []uint32 {
	words, keys := b.words[:to-from], b.keys[:to-from]
	clear(words)
	for _, p := range word {
		p.key.fill(keys, from, to)
		mask := uint64(1)<<p.width - 1
		for i, k := range keys {
			words[i] = words[i]<<p.width | uint32(k>>p.shift&mask)
		}
	}
	return words
}

// radixRows is how many rows a pass moves between looks at the context.
const radixRows = 1 << 20

// radixPass sorts src into dst by the digit bits from bit shift, keeping the
// order of equals. Parts of src are counted, then moved, in parallel.
func radixPass(e exec.Run, dst, src []uint64, shift, digit uint) error {
	n := len(src)
	parts := e.Goroutines(n, exec.ChunkCount(n, exec.ChunkRows))
	size := max(1, (n+parts-1)/parts)
	mask := uint64(1)<<digit - 1
	counts := make([][]int, parts)
	each := func(f func(part int, src []uint64)) error {
		return e.Tasks(parts, func(p int) {
			f(p, src[min(n, p*size):min(n, (p+1)*size)])
		})
	}
	err := each(func(part int, src []uint64) {
		c := make([]int, mask+1)
		for len(src) > 0 && e.Cancelled() == nil {
			some := src[:min(len(src), radixRows)]
			for _, v := range some {
				c[v>>shift&mask]++
			}
			src = src[len(some):]
		}
		counts[part] = c
	})
	if err != nil {
		return err
	}
	at := 0
	for d := range mask + 1 {
		for p := range parts {
			counts[p][d], at = at, at+counts[p][d]
		}
	}
	return each(func(part int, src []uint64) {
		next := counts[part]
		for len(src) > 0 && e.Cancelled() == nil {
			some := src[:min(len(src), radixRows)]
			for _, v := range some {
				d := v >> shift & mask
				dst[next[d]] = v
				next[d]++
			}
			src = src[len(some):]
		}
	})
}
