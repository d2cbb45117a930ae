package main

import (
	"runtime"
	"sync"
	"time"
)

// bandwidth is how long the machine takes to add up a table's keys and values, 12
// bytes a row, and do nothing else: what no group-by can beat.
type bandwidth struct{ sequential, parallel float64 } // seconds

func measureBandwidth(rows, repeat int) bandwidth {
	codes, values := make([]int32, rows), make([]int64, rows)
	for i := range codes {
		codes[i], values[i] = int32(i), int64(i)
	}
	time1 := func(workers int) float64 {
		var times []float64
		for range repeat + 1 {
			start := time.Now()
			var wg sync.WaitGroup
			sums := make([]int64, workers)
			for w := range workers {
				wg.Go(func() {
					from, to := w*rows/workers, (w+1)*rows/workers
					sums[w] = add(codes[from:to]) + add(values[from:to])
				})
			}
			wg.Wait()
			times = append(times, time.Since(start).Seconds())
			runtime.KeepAlive(sums)
		}
		return best(times[1:])
	}
	return bandwidth{time1(1), time1(runtime.GOMAXPROCS(0))}
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
