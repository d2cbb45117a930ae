package locuskit

// order is the row numbers in the order of the keys, the first key deciding
// first, equal rows in their order.
//
// Keys are packed into words of up to 32 bits. A word and its row number make
// one uint64, which is what a pass moves: least significant word first, 11 bits
// or fewer a pass.
func order(e execution, n int, keys []sortKey) ([]uint32, error) {
	var rows []uint32 // nil: as they are
	words := packWords(keys)
	pairs, spare := make([]uint64, n), make([]uint64, n)
	for w := len(words) - 1; w >= 0; w-- {
		word := words[w]
		key, err := wordKeys(e, n, word)
		if err != nil {
			return nil, err
		}
		err = e.chunks(n, chunkRows, func(_, from, to int) {
			for i := from; i < to; i++ {
				row := uint32(i)
				if rows != nil {
					row = rows[i]
				}
				pairs[i] = uint64(key[row])<<32 | uint64(row)
			}
		})
		if err != nil {
			return nil, err
		}
		var width uint
		for _, part := range word {
			width += part.width
		}
		passes := (width + 10) / 11
		for p := range passes {
			digit := (width + passes - 1) / passes
			if err := radixPass(e, spare, pairs, 32+p*digit, digit); err != nil {
				return nil, err
			}
			pairs, spare = spare, pairs
		}
		if rows == nil {
			rows = make([]uint32, n)
		}
		err = e.chunks(n, chunkRows, func(_, from, to int) {
			for i := from; i < to; i++ {
				rows[i] = uint32(pairs[i])
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// wordPart is width bits of a key, from bit shift.
type wordPart struct {
	key          sortKey
	shift, width uint
}

// packWords distributes the bits of keys over words of at most 32 bits, most
// significant first.
func packWords(keys []sortKey) [][]wordPart {
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

// wordKeys is one word of every row.
func wordKeys(e execution, n int, word []wordPart) ([]uint32, error) {
	key := make([]uint32, n)
	err := e.chunks(n, chunkRows, func(_, from, to int) {
		buf := make([]uint64, min(batchRows, to-from))
		for ; from < to; from += batchRows {
			end := min(from+batchRows, to)
			for _, p := range word {
				p.key.fill(buf, from, end)
				mask := uint64(1)<<p.width - 1
				for i, k := range buf[:end-from] {
					key[from+i] = key[from+i]<<p.width | uint32(k>>p.shift&mask)
				}
			}
		}
	})
	return key, err
}

// radixPass sorts src into dst by the digit bits from bit shift, keeping the
// order of equals. Parts of src are counted, then moved, in parallel.
func radixPass(e execution, dst, src []uint64, shift, digit uint) error {
	n := len(src)
	parts := e.goroutines(n, chunkCount(n, chunkRows))
	size := max(1, (n+parts-1)/parts)
	mask := uint64(1)<<digit - 1
	counts := make([][]int, parts)
	each := func(f func(part int, src []uint64)) error {
		return e.tasks(parts, func(p int) {
			f(p, src[min(n, p*size):min(n, (p+1)*size)])
		})
	}
	err := each(func(part int, src []uint64) {
		c := make([]int, mask+1)
		for _, v := range src {
			c[v>>shift&mask]++
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
		for _, v := range src {
			d := v >> shift & mask
			dst[next[d]] = v
			next[d]++
		}
	})
}
