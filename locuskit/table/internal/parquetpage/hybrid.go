package parquetpage

import (
	"encoding/binary"
	"errors"
)

// hybrid reads numbers of few bits as Parquet packs them: runs of one number, and
// groups of eight numbers bit by bit.
type hybrid struct {
	data  []byte
	width uint // bits of a number, at most 32

	run    int // numbers left of a run
	value  int32
	packed int // numbers left that are packed
	bit    int // where in data the next of them begins
}

var errPageShort = errors.New("a page ends before its values do")

// next reads as many numbers as dst has room for.
func (h *hybrid) next(dst []int32) error {
	for len(dst) > 0 {
		switch {
		case h.run > 0:
			n := min(h.run, len(dst))
			for i := range dst[:n] {
				dst[i] = h.value
			}
			h.run -= n
			dst = dst[n:]
		case h.packed > 0:
			n := min(h.packed, len(dst))
			if h.bit+n*int(h.width) > 8*len(h.data) {
				return errPageShort
			}
			unpack(dst[:n], h.data, h.bit, h.width)
			h.bit += n * int(h.width)
			h.packed -= n
			if h.packed == 0 {
				h.data = h.data[(h.bit+7)/8:]
			}
			dst = dst[n:]
		default:
			if err := h.header(); err != nil {
				return err
			}
		}
	}
	return nil
}

// header reads what comes next.
func (h *hybrid) header() error {
	v, n := binary.Uvarint(h.data)
	if n <= 0 || v>>1 == 0 || v>>1 > 1<<31 {
		return errPageShort
	}
	h.data = h.data[n:]
	if v&1 == 0 {
		size := int(h.width+7) / 8
		if size > len(h.data) {
			return errPageShort
		}
		var b [4]byte
		copy(b[:], h.data[:size])
		h.run, h.value = int(v>>1), int32(binary.LittleEndian.Uint32(b[:]))
		h.data = h.data[size:]
		return nil
	}
	// The last group may be cut where the page's numbers end.
	h.packed, h.bit = int(v>>1)*8, 0
	return nil
}

// constant reports whether the next n numbers are all v, in one run.
func (h *hybrid) constant(n int, v int32) bool {
	if h.run == 0 && h.packed == 0 && h.header() != nil {
		return false
	}
	return h.run >= n && h.value == v
}

// unpack reads numbers of width bits from bit on.
func unpack(dst []int32, data []byte, bit int, width uint) {
	mask := uint64(1)<<width - 1
	k := 0
	if width <= 14 { // four of them are in eight bytes, whichever bit the first begins at
		for ; k+4 <= len(dst) && bit>>3+8 <= len(data); k += 4 {
			w := binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7)
			out := dst[k : k+4 : k+4]
			out[0] = int32(w & mask)
			out[1] = int32(w >> width & mask)
			out[2] = int32(w >> (2 * width) & mask)
			out[3] = int32(w >> (3 * width) & mask)
			bit += 4 * int(width)
		}
	}
	for ; k < len(dst) && bit>>3+8 <= len(data); k++ {
		dst[k] = int32(binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & mask)
		bit += int(width)
	}
	for ; k < len(dst); k++ {
		var tail [8]byte
		copy(tail[:], data[bit>>3:])
		dst[k] = int32(binary.LittleEndian.Uint64(tail[:]) >> (bit & 7) & mask)
		bit += int(width)
	}
}
