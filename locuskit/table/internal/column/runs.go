package column

import (
	"slices"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// SortRun is how many items are sorted at a time, between looks at the context.
const SortRun = 1 << 14

// sortItems sorts items, not in a stable way, in parallel where e allows: runs first,
// which are then merged by pairs.
func sortItems[T any](e exec.Run, items []T, compare func(a, b T) int) error {
	n := len(items)
	err := e.Tasks(exec.ChunkCount(n, SortRun), func(run int) {
		slices.SortFunc(items[run*SortRun:min((run+1)*SortRun, n)], compare)
	})
	if err != nil || n <= SortRun {
		return err
	}
	from, to := items, large.Zeroed[T](n)
	for width := SortRun; width < n; width *= 2 {
		err := e.Tasks(exec.ChunkCount(n, 2*width), func(pair int) {
			start := pair * 2 * width
			middle, end := min(start+width, n), min(start+2*width, n)
			mergeRuns(e, to[start:end], from[start:middle], from[middle:end], compare)
		})
		if err != nil {
			return err
		}
		from, to = to, from
	}
	if &from[0] != &items[0] {
		copy(items, from)
	}
	return nil
}

func mergeRuns[T any](e exec.Run, dst, a, b []T, compare func(a, b T) int) {
	for i := range dst {
		if i%SortRun == 0 && e.Cancelled() != nil {
			return
		}
		if len(b) == 0 || len(a) > 0 && compare(a[0], b[0]) <= 0 {
			dst[i], a = a[0], a[1:]
		} else {
			dst[i], b = b[0], b[1:]
		}
	}
}

// SortKeys sorts integers by radix, skipping the digits that all of them share.
func SortKeys(e exec.Run, keys []uint64) error {
	if len(keys) <= SortRun {
		slices.Sort(keys)
		return nil
	}
	var differ uint64
	for _, k := range keys {
		differ |= k ^ keys[0]
	}
	const digit = 11
	from, to := keys, large.Zeroed[uint64](len(keys))
	for shift := uint(0); shift < 64; shift += digit {
		if differ>>shift&(1<<digit-1) == 0 {
			continue
		}
		if err := radixPass(e, to, from, shift, digit); err != nil {
			return err
		}
		from, to = to, from
	}
	if &from[0] != &keys[0] {
		copy(keys, from)
	}
	return nil
}
