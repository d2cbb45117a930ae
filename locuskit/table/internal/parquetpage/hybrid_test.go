package parquetpage

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// packed is numbers as Parquet packs them: some as a run of one number, others eight by eight
// in width bits each.
func packed(r *rand.Rand, width uint) (data []byte, numbers []int32) {
	for range 1 + r.IntN(20) {
		mask := uint32(uint64(1)<<width - 1)
		if r.IntN(2) == 0 {
			n, v := 1+r.IntN(500), r.Uint32()&mask
			data = binary.AppendUvarint(data, uint64(n)<<1)
			data = append(data, binary.LittleEndian.AppendUint32(nil, v)[:(width+7)/8]...)
			numbers = append(numbers, slices.Repeat([]int32{int32(v)}, n)...)
			continue
		}
		groups := 1 + r.IntN(9)
		data = binary.AppendUvarint(data, uint64(groups)<<1|1)
		bits := make([]byte, groups*int(width))
		for i := range 8 * groups {
			v := r.Uint32() & mask
			numbers = append(numbers, int32(v))
			for b := range int(width) {
				bits[(i*int(width)+b)/8] |= byte(v>>b&1) << ((i*int(width) + b) % 8)
			}
		}
		data = append(data, bits...)
	}
	return data, numbers
}

func TestNumbersOfFewBits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for width := range uint(33) {
		for range 30 {
			data, want := packed(r, width)
			h := &hybrid{data: data, width: width}
			got := make([]int32, 0, len(want))
			for len(got) < len(want) {
				part := make([]int32, min(1+r.IntN(700), len(want)-len(got)))
				if err := h.next(part); err != nil {
					t.Fatalf("width %d: %v", width, err)
				}
				got = append(got, part...)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("width %d: other numbers were read", width)
			}
			if err := h.next(make([]int32, 9)); !errors.Is(err, errPageShort) {
				t.Errorf("width %d: behind the end: %v", width, err)
			}
		}
	}
}
