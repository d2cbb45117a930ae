package main

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/cblas128"
	"gonum.org/v1/gonum/blas/cblas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func main() {
	a, b := make([]float64, 37), make([]float64, 37)
	for i := range a {
		a[i], b[i] = float64(i)*1.5, float64(37-i)
	}
	fmt.Println(floats.Dot(a, b), floats.Sum(a), floats.Norm(a, 1), floats.Norm(b, 2), floats.Distance(a, b, 1))
	c := make([]float64, 37)
	floats.AddTo(c, a, b)
	floats.AddScaled(c, 2, b)
	floats.Scale(0.5, c)
	floats.Div(c, b)
	floats.CumSum(c, c)
	floats.CumProd(c, c)
	fmt.Println(c[:5])
	m := mat.NewDense(5, 7, a[:35])
	var p mat.Dense
	p.Mul(m, m.T())
	fmt.Println(mat.Formatted(&p))
	var inverse mat.Dense
	fmt.Println(inverse.Inverse(mat.NewDense(2, 2, []float64{4, 7, 2, 6})), inverse.At(0, 0))
	x := blas32.Vector{N: 9, Inc: 1, Data: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}}
	fmt.Println(blas32.Dot(x, x), blas32.DDot(x, x), blas32.Asum(x))
	blas32.Axpy(2, x, x)
	fmt.Println(x.Data)
	y := cblas128.Vector{N: 3, Inc: 1, Data: []complex128{1 + 2i, 3, 4i}}
	cblas128.Scal(2i, y)
	cblas128.Dscal(3, y)
	fmt.Println(y.Data, cblas128.Dotc(y, y), cblas128.Dotu(y, y), cblas128.Nrm2(y))
	z := cblas64.Vector{N: 3, Inc: 1, Data: []complex64{1 + 2i, 3, 4i}}
	cblas64.Axpy(2i, z, z)
	fmt.Println(z.Data, cblas64.Dotc(z, z))
	g := blas32.General{Rows: 2, Cols: 2, Stride: 2, Data: make([]float32, 4)}
	h := blas32.General{Rows: 2, Cols: 2, Stride: 2, Data: []float32{1, 2, 3, 4}}
	blas32.Gemm(blas.NoTrans, blas.Trans, 1, h, h, 0, g)
	fmt.Println(g.Data)
}
