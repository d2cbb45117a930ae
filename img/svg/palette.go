package svg

// Paint is a colour of the palette, by its meaning in a picture.
type Paint string

// The palette. Tints are backgrounds for areas, on which ink can be read; Heat0 to
// Heat4 go from little to much.
const (
	None   Paint = ""
	Card   Paint = "card"  // the picture's background
	Ink    Paint = "ink"   // text
	Muted  Paint = "muted" // text that matters less
	Grid   Paint = "grid"  // lines behind the data
	Panel  Paint = "panel" // an area set off from the card
	Blue   Paint = "blue"
	Orange Paint = "orange"
	Green  Paint = "green"
	Purple Paint = "purple"
	Red    Paint = "red"
	Teal   Paint = "teal"

	BlueTint   Paint = "bluetint"
	OrangeTint Paint = "orangetint"
	GreenTint  Paint = "greentint"
	PurpleTint Paint = "purpletint"

	Heat0 Paint = "heat0"
	Heat1 Paint = "heat1"
	Heat2 Paint = "heat2"
	Heat3 Paint = "heat3"
	Heat4 Paint = "heat4"
)

// Series are the colours of the series of a chart, in order.
var Series = []Paint{Blue, Orange, Green, Purple, Teal, Red}

// Heat is the scale from little to much.
var Heat = []Paint{Heat0, Heat1, Heat2, Heat3, Heat4}

// palette has the colours of both forms, in the order of the style sheet.
var palette = []struct {
	paint       Paint
	light, dark string
}{
	{Card, "#ffffff", "#16191d"},
	{Ink, "#1b1f24", "#e8ebef"},
	{Muted, "#59636e", "#a3adb8"},
	{Grid, "#d5dae0", "#3a424b"},
	{Panel, "#f2f4f7", "#22272e"},
	{Blue, "#2f6fd0", "#6ba4f5"},
	{Orange, "#d4720b", "#f0a04b"},
	{Green, "#2a8a4a", "#5cc77e"},
	{Purple, "#8250c4", "#b794f0"},
	{Red, "#cf3a3a", "#f27f77"},
	{Teal, "#0f8a94", "#4dc4cc"},
	{BlueTint, "#dce9fb", "#1d3557"},
	{OrangeTint, "#fcebd5", "#4a3213"},
	{GreenTint, "#dcf2e3", "#17402a"},
	{PurpleTint, "#ece3f8", "#382a55"},
	{Heat0, "#f7c59a", "#7d4528"},
	{Heat1, "#f29a5e", "#a85128"},
	{Heat2, "#e2683a", "#d0652f"},
	{Heat3, "#c03a22", "#f39150"},
	{Heat4, "#7d1513", "#ffd7a3"},
}
