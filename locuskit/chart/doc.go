// Package chart draws what a lesson measures, as pictures that a notebook shows
// without any script, in light and in dark.
//
//	took := []time.Duration{…}
//	chart.Speedup{Title: "The fetch", Workers: []int{1, 2, 4, 8}, Took: took}
//
// A chart is a struct of plain data. As the last expression of a cell it is shown;
// in the middle of one, and in stock gonb, [locuslab/locuskit.Show] shows it. Its
// method SVG gives the picture for a file, HTML for a page, String what it says in
// words, which is also what a reader who cannot see it gets. Values that cannot
// be drawn (NaN, infinities, no data at all) are left out, and the picture says so.
//
// The package knows how data look, and not where they come from.
package chart
