package group

import (
	"math/bits"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

const (
	shortRun  = 16      // keys that are put in order as they are
	longRun   = 1 << 20 // keys between looks at the context
	spreadRun = 128     // from so many on the pivot is chosen among nine
)

// placeKey puts at place k of keys the one that stands there when they are in order, before it none
// that is greater and behind it none that is less. It is Hoare's quickselect with splits that do
// not branch, in place of sorting, of which a median needs little; after so many rounds that pivots
// must have been bad ones time after time it sorts. When e ends it stops early, which the caller
// sees by e.
func placeKey(e exec.Run, keys []uint64, k, rounds int) {
	for ; len(keys) > shortRun; rounds-- {
		if len(keys) > longRun && e.Cancelled() != nil {
			return
		}
		if rounds == 0 {
			_ = column.SortKeys(e.Sequential(), keys) // fails as e does
			return
		}
		pivot := pivotOf(keys)
		if less := splitKeys(keys, pivot); k < less {
			keys = keys[:less]
			continue
		} else if less > 0 {
			keys, k = keys[less:], k-less
			continue
		}
		same := len(keys) // the pivot is the least of them
		if pivot+1 != 0 {
			same = splitKeys(keys, pivot+1)
		}
		if k < same {
			return
		}
		keys, k = keys[same:], k-same
	}
	for i := 1; i < len(keys); i++ {
		key, j := keys[i], i
		for ; j > 0 && keys[j-1] > key; j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = key
	}
}

// roundsFor returns how many rounds are enough for n keys unless their order was made to need more.
func roundsFor(n int) int { return 3 * bits.Len(uint(n)) }

// splitKeys puts the keys below pivot before the others, and returns how many they are.
func splitKeys(keys []uint64, pivot uint64) int {
	n := 0
	for i, key := range keys {
		keys[i] = keys[n]
		keys[n] = key
		_, below := bits.Sub64(key, pivot, 0)
		n += int(below)
	}
	return n
}

// pivotOf returns a key that is likely near the middle.
func pivotOf(keys []uint64) uint64 {
	last := len(keys) - 1
	if len(keys) < spreadRun {
		return middle(keys[0], keys[last/2], keys[last])
	}
	step := last / 8
	return middle(
		middle(keys[0], keys[step], keys[2*step]),
		middle(keys[3*step], keys[4*step], keys[5*step]),
		middle(keys[6*step], keys[7*step], keys[last]))
}

func middle(a, b, c uint64) uint64 { return max(min(a, b), min(max(a, b), c)) }

// leastKey returns the least of keys, of which there are some.
func leastKey(keys []uint64) uint64 {
	least := keys[0]
	for _, k := range keys[1:] {
		least = min(least, k)
	}
	return least
}
