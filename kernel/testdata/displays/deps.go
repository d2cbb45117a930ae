// Package displays imports what the cells of the test import, so that go.mod names it.
package displays

import (
	_ "github.com/go-echarts/go-echarts/v2/charts"
	_ "github.com/go-gota/gota/dataframe"
	_ "gonum.org/v1/gonum/mat"
	_ "gonum.org/v1/plot"
)
