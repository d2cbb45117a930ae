// Package svg writes pictures: shapes and text in a palette that has a light and a
// dark form, on a card of its own, so that a picture can be read whatever it
// is laid on. Neither script nor font files are needed to see one, and the same
// calls give the same bytes.
//
//	p := svg.New(400, 120, "Two boxes", "A blue box beside an orange one.")
//	p.Rect(20, 50, 160, 50, svg.Style{Fill: svg.Blue, Round: 6})
//	p.Rect(220, 50, 160, 50, svg.Style{Fill: svg.Orange, Round: 6})
//	p.Text(100, 80, "left", svg.Font{Anchor: svg.Middle})
//
// Lengths are in pixels of the picture's own size; a picture is scaled down, never
// up, to the width that it is shown in. The package knows nothing of charts.
package svg
