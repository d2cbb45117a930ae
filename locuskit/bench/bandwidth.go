package main

import (
	"math"
	"runtime"
	"sync"
	"time"
)

// bandwidth is how long the machine takes to add up a table's keys and values, 12
// bytes a row, and do nothing else: what no group-by can beat.
type bandwidth struct{ sequential, parallel float64 } // seconds

// plainLoops is the memory that the loops read, and their shortest times so far.
type plainLoops struct {
	codes  []int32
	values []int64
	best   bandwidth
}

func newBandwidth(rows int) *plainLoops {
	p := &plainLoops{codes: make([]int32, rows), values: make([]int64, rows), best: bandwidth{math.Inf(1), math.Inf(1)}}
	for i := range p.codes {
		p.codes[i], p.values[i] = int32(i), int64(i)
	}
	return p
}

// measure runs the loop once, on one goroutine or on as many as there are cores.
func (p *plainLoops) measure(parallel bool) {
	workers, shortest := 1, &p.best.sequential
	if parallel {
		workers, shortest = runtime.GOMAXPROCS(0), &p.best.parallel
	}
	rows := len(p.codes)
	sums := make([]int64, workers)
	start := time.Now()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			from, to := w*rows/workers, (w+1)*rows/workers
			sums[w] = add(p.codes[from:to]) + add(p.values[from:to])
		})
	}
	wg.Wait()
	*shortest = min(*shortest, time.Since(start).Seconds())
	runtime.KeepAlive(sums)
}

// add uses four sums, so that it waits for memory and not for the adder.
func add[T int32 | int64](v []T) int64 {
	var a, b, c, d T
	for ; len(v) >= 4; v = v[4:] {
		a += v[0]
		b += v[1]
		c += v[2]
		d += v[3]
	}
	for _, x := range v {
		a += x
	}
	return int64(a + b + c + d)
}
