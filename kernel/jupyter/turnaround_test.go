package jupyter_test

import (
	"testing"

	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/wire"
)

// BenchmarkEmptyCell is the wire's share of a cell: from execute_request to idle
// at the front end, with an engine that does nothing.
func BenchmarkEmptyCell(b *testing.B) {
	c := connect(b, startKernel(b, jupyter.Options{History: b.TempDir()}))
	ctx := b.Context()
	for b.Loop() {
		if _, err := c.Run(ctx, ""); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKernelInfo is a round trip that asks for nothing.
func BenchmarkKernelInfo(b *testing.B) {
	c := connect(b, startKernel(b, jupyter.Options{}))
	ctx := b.Context()
	for b.Loop() {
		if _, err := c.Ask(ctx, wire.Shell, "kernel_info_request", struct{}{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLines is the cost of a printed line, 100,000 in a cell.
func BenchmarkLines(b *testing.B) {
	c := connect(b, startKernel(b, jupyter.Options{}))
	ctx := b.Context()
	for b.Loop() {
		if _, err := c.Run(ctx, "lines 100000"); err != nil {
			b.Fatal(err)
		}
	}
}
