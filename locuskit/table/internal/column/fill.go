package column

import (
	"sync"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// ValueOf gives row i of a column that is being made; there is false for a null.
type ValueOf[T any] func(i int) (v T, there bool, err error)

// Filled returns a column of n rows of a kind that is held as T: ints, floats and bools. An error is that of the first row
// that has one.
func Filled[T any](e exec.Run, n int, value ValueOf[T]) (values []T, valid []byte, err error) {
	values = large.Zeroed[T](n)
	valid = NewBitmap(n)
	var fail FirstRow
	err = e.Chunks(n, exec.ChunkRows, func(_, from, to int) { // chunks begin at whole bytes of valid
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.Cancelled() != nil || fail.Before(from)) { // value may take its time
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.Note(i, err)
				return
			}
			if there {
				values[i] = v
				SetBit(valid, i)
			}
		}
	})
	if CountBits(valid, n) == n {
		valid = nil
	}
	return values, valid, exec.FirstError([]error{err}, fail.Err)
}

// FilledText is filled for strings. Each chunk has a dictionary, joined in the order of the chunks.
func FilledText(e exec.Run, name string, n int, value ValueOf[string]) (*Column, error) {
	if n == 0 {
		return OfStrings(name, nil)
	}
	parts := make([]*Column, exec.ChunkCount(n, exec.ChunkRows))
	var fail FirstRow
	err := e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		b := NewDictionaryBuilder()
		codes, valid := make([]int32, to-from), NewBitmap(to-from)
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.Cancelled() != nil || fail.Before(from)) {
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.Note(i, err)
				return
			}
			if there {
				codes[i-from] = b.Add(v)
				SetBit(valid, i-from)
			}
		}
		if b.Full {
			fail.Note(from, ErrDictionaryFull(name))
			return
		}
		if CountBits(valid, to-from) == to-from {
			valid = nil
		}
		parts[chunk] = OfCodes(name, codes, b.Build(), valid)
		parts[chunk].Exact = true
	})
	if err = exec.FirstError([]error{err}, fail.Err); err != nil {
		return nil, err
	}
	c, err := Concat(e.Quiet(), parts, n)
	if err != nil {
		return nil, err
	}
	return c, c.CheckText(e)
}

// FirstRow keeps the error of the first row that has one, whichever chunk comes first.
type FirstRow struct {
	mu  sync.Mutex
	row int
	Err error
}

// Note keeps an error unless that of an earlier row is kept.
func (f *FirstRow) Note(row int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Err == nil || row < f.row {
		f.row, f.Err = row, err
	}
}

// Before reports whether a row before this one has an error.
func (f *FirstRow) Before(row int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Err != nil && f.row < row
}
