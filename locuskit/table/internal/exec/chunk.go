package exec

import (
	"sync"
	"sync/atomic"

	"locuslab/locuskit/progress"
)

const (
	// ChunkRows is the unit of work: a worker takes chunk after chunk. The
	// bounds of chunks depend on the number of rows alone, never on the number
	// of workers, and results of chunks are combined in the order of the
	// chunks. That is what makes floating-point sums of the sequential and the
	// parallel forms equal to the last bit.
	ChunkRows = 1 << 17

	// parallelRows is where a parallel form starts to use more than one
	// goroutine: below it, starting and joining them costs more than it gains.
	parallelRows = 1 << 16
)

// ChunkCount returns the number of chunks of size that rows are cut into.
func ChunkCount(rows, size int) int { return (rows + size - 1) / size }

// Goroutines returns how many goroutines an operation over rows rows in chunks
// chunks uses.
func (e Run) Goroutines(rows, chunks int) int {
	if rows < parallelRows {
		return 1
	}
	return max(1, min(e.Workers, chunks))
}

// Chunks calls f for each chunk of rows, on as many goroutines as e allows.
// Between chunks it looks at the context, whose error it returns.
func (e Run) Chunks(rows, size int, f func(chunk, from, to int)) error {
	return ChunksWith(e, rows, size, func() struct{} { return struct{}{} }, func(_ struct{}, chunk, from, to int) { f(chunk, from, to) })
}

// ChunksWith is [Run.Chunks] where each goroutine has something of its own,
// such as a buffer, for all its chunks.
func ChunksWith[S any](e Run, rows, size int, fresh func() S, f func(own S, chunk, from, to int)) error {
	total := ChunkCount(rows, size)
	n := e.Goroutines(rows, total)
	m := e.Meter("rows", rows)
	defer m.Close()
	var next atomic.Int64
	var failed panicked
	work := func() {
		if n > 1 {
			defer failed.catch()
		}
		own := fresh()
		for e.Cancelled() == nil && !failed.happened() {
			chunk := int(next.Add(1)) - 1
			if chunk >= total {
				return
			}
			from := chunk * size
			f(own, chunk, from, min(from+size, rows))
			m.Add(min(size, rows-from))
		}
	}
	Together(n, work)
	failed.again()
	return e.Cancelled()
}

// Together runs work on n goroutines, one of them the caller's, and waits.
func Together(n int, work func()) {
	if n <= 1 {
		work()
		return
	}
	var wg sync.WaitGroup
	for range n - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// Tasks runs f(0) … f(n-1), independent tasks, in parallel where e allows.
func (e Run) Tasks(n int, f func(i int)) error {
	var next atomic.Int64
	Together(min(max(1, e.Workers), n), func() {
		for e.Cancelled() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			f(i)
		}
	})
	return e.Cancelled()
}

// inOrder merges the partial results of chunks in the order of the chunks while
// later chunks are being worked on. At most two partials per goroutine exist
// at a time; they are used again.
type inOrder[P any] struct {
	mu      sync.Mutex
	free    chan P
	waiting map[int]P
	next    int
	merge   func(P)
}

func newInOrder[P any](workers int, fresh func() P, merge func(P)) *inOrder[P] {
	// One worker merges each chunk as it is done: a second partial would wait.
	count := 2 * workers
	if workers == 1 {
		count = 1
	}
	o := &inOrder[P]{free: make(chan P, count), waiting: make(map[int]P), merge: merge}
	for range count {
		o.free <- fresh()
	}
	return o
}

// done hands in the partial of a chunk.
func (o *inOrder[P]) done(chunk int, p P) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting[chunk] = p
	for {
		p, ok := o.waiting[o.next]
		if !ok {
			return
		}
		delete(o.waiting, o.next)
		o.merge(p)
		o.next++
		o.free <- p
	}
}

// Reduce works on chunks of rows with partials from fresh and merges them in
// order. A goroutine has its partial before it takes a chunk, so the earliest
// chunk that is not merged is always being worked on.
func Reduce[P any](e Run, rows, size int, fresh func() P, work func(p P, from, to int), merge func(P)) error {
	total := ChunkCount(rows, size)
	n := e.Goroutines(rows, total)
	o := newInOrder(n, fresh, merge)
	m := e.Meter("rows", rows)
	defer m.Close()
	var next atomic.Int64
	Together(n, func() {
		for e.Cancelled() == nil {
			p := <-o.free
			chunk := int(next.Add(1)) - 1
			if chunk >= total {
				o.free <- p
				return
			}
			from := chunk * size
			work(p, from, min(from+size, rows))
			m.Add(min(size, rows-from))
			o.done(chunk, p)
		}
	})
	return e.Cancelled()
}

// meter counts what workers have done for a [progress.Func].
type meter struct {
	mu sync.Mutex
	t  *progress.Tracker
}

// Meter returns a meter of total items, which reports to the run's progress function.
func (e Run) Meter(what string, total int) *meter {
	if e.Progress == nil {
		return nil
	}
	return &meter{t: progress.NewTracker(what, total, e.Progress())}
}

func (m *meter) Add(n int) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t.Add(n, 0)
}

// Close sends the last report.
func (m *meter) Close() {
	if m != nil {
		m.t.Close()
	}
}

// FirstError returns the first of errs, or else last.
func FirstError(errs []error, last error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return last
}
