package loader_test

import (
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

// helloCell can be loaded any number of times, since it declares only functions.
const helloCell = `package main

import "fmt"

func Cell_1() {
	if x := fmt.Sprint("hello ", len("world")); x != "hello 5" {
		panic(x)
	}
}
`

// deepCell leaves a goroutine with 100,000 frames behind.
const deepCell = `package main

import "time"

var Deep = make(chan bool)

//go:noinline
func deep(n int, p *int) int {
	if n == 0 {
		Deep <- true
		time.Sleep(time.Hour)
		return *p
	}
	v := n
	return deep(n-1, &v) + *p
}

func Cell_1() {
	go func() { x := 1; deep(100_000, &x) }()
	<-Deep
}
`

// BenchmarkCells measures what does not show in single cells: what a cell costs in
// memory, and what collections over a deep stack cost after ten cells and after a
// thousand.
func BenchmarkCells(b *testing.B) {
	for range b.N {
		s := start(b)
		s.run(deepCell)
		q := s.compile(helloCell)
		loads := func(n int) (total host.Reply) {
			for range n {
				r := s.do(host.Command{Load: []loader.Request{{Object: q.Object}}, Run: []string{"main.Cell_1"}})
				if r.Error != "" {
					b.Fatal(r.Error)
				}
				total.LoadTime += r.LoadTime
			}
			return total
		}
		first := s.do(host.Command{Load: []loader.Request{q}, Run: []string{"main.Cell_1"}})
		b.ReportMetric(first.LoadTime.Seconds()*1e3, "ms/first")
		loads(9)
		early := s.do(host.Command{Collect: 20})
		b.ReportMetric(loads(990).LoadTime.Seconds()*1e3/990, "ms/load")
		late := s.do(host.Command{Collect: 20})
		b.ReportMetric(early.Collect.Seconds()*1e3, "ms/gc-after-10")
		b.ReportMetric(late.Collect.Seconds()*1e3, "ms/gc-after-1000")
		b.ReportMetric(float64(late.RSS-early.RSS)/990, "KB/cell")
		b.ReportMetric(float64(early.RSS), "KB/program")
	}
}
