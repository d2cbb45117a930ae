package table

import (
	"sync"

	"locuslab/locuskit/table/internal/exec"
)

// valueOf gives row i of a column that is being made; there is false for a null.
type valueOf[T any] func(i int) (v T, there bool, err error)

// filled is a column of n rows of a kind that is held as T: ints, floats and bools. An error is that of the first row
// that has one.
func filled[T any](e exec.Run, n int, value valueOf[T]) (values []T, valid []byte, err error) {
	values = make([]T, n)
	valid = newBitmap(n)
	var fail firstRow
	err = e.Chunks(n, exec.ChunkRows, func(_, from, to int) { // chunks begin at whole bytes of valid
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.Cancelled() != nil || fail.before(from)) { // value may take its time
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.note(i, err)
				return
			}
			if there {
				values[i] = v
				setBit(valid, i)
			}
		}
	})
	if countBits(valid, n) == n {
		valid = nil
	}
	return values, valid, exec.FirstError([]error{err}, fail.err)
}

// filledText is filled for strings. Each chunk has a dictionary, joined in the order of the chunks.
func filledText(e exec.Run, name string, n int, value valueOf[string]) (*column, error) {
	if n == 0 {
		return encodeStrings(name, nil)
	}
	parts := make([]*column, exec.ChunkCount(n, exec.ChunkRows))
	var fail firstRow
	err := e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		b := newDictionaryBuilder()
		codes, valid := make([]int32, to-from), newBitmap(to-from)
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.Cancelled() != nil || fail.before(from)) {
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.note(i, err)
				return
			}
			if there {
				codes[i-from] = b.add(v)
				setBit(valid, i-from)
			}
		}
		if b.full {
			fail.note(from, errDictionaryFull(name))
			return
		}
		if countBits(valid, to-from) == to-from {
			valid = nil
		}
		parts[chunk] = stringColumn(name, codes, b.build(), valid)
		parts[chunk].exact = true
	})
	if err = exec.FirstError([]error{err}, fail.err); err != nil {
		return nil, err
	}
	c, err := concatColumns(e.Quiet(), parts, n)
	if err != nil {
		return nil, err
	}
	return c, c.checkText(e)
}

// firstRow keeps the error of the first row that has one, whichever chunk comes first.
type firstRow struct {
	mu  sync.Mutex
	row int
	err error
}

func (f *firstRow) note(row int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || row < f.row {
		f.row, f.err = row, err
	}
}

// before reports whether a row before this one has an error.
func (f *firstRow) before(row int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err != nil && f.row < row
}
