package chart

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"locuslab/img/svg"
	"locuslab/locuskit"
)

// Map shows outlines coloured by a value each, with meridians, parallels and a
// scale. An outline that is too small to see gets a disc in its place, larger for
// a larger value. The greatest values are written beside their places.
//
//	codes, err := top.Strings("geo_id")
//	visits, _, err := top.Floats("visits")
//	outlines, err := client.GeoJSONParallel(ctx, codes)
//	chart.Map{Title: "The top postal codes", Unit: "visits", Outlines: outlines, Values: visits}
//
// The projection is equirectangular, true in the middle: good for a region, not for
// a continent.
type Map struct {
	Title    string
	Unit     string
	Outlines locuskit.FeatureCollection
	Values   []float64 // of each outline, in their order
	Labels   int       // how many places are named; 5 when 0, none when negative
}

// SVG returns the map as a document.
func (m Map) SVG() string { return m.picture().SVG() }

// HTML returns the map as an image element.
func (m Map) HTML() string { return m.picture().HTML() }

// String returns the title and the greatest values.
func (m Map) String() string { return m.picture().String() }

// place is one outline, its rings in degrees.
type place struct {
	name  string
	rings [][]svg.Point
	value float64
}

// bounds is a rectangle in degrees.
type bounds struct{ west, south, east, north float64 }

func (b *bounds) add(p svg.Point) {
	b.west, b.east = min(b.west, p.X), max(b.east, p.X)
	b.south, b.north = min(b.south, p.Y), max(b.north, p.Y)
}

func boundsOf(places []place) bounds {
	b := bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, pl := range places {
		for _, ring := range pl.rings {
			for _, pt := range ring {
				b.add(pt)
			}
		}
	}
	return b
}

// places are the outlines that can be drawn, the greatest value first.
func (m Map) places() []place {
	var places []place
	for i, f := range m.Outlines.Features {
		if i >= len(m.Values) || !finite(m.Values[i]) {
			continue
		}
		if rings := rings(f.Geometry); len(rings) > 0 {
			name, _ := f.Properties["geo_id"].(string)
			places = append(places, place{name, rings, m.Values[i]})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(b.value, a.value) })
	return places
}

// rings reads a geometry's coordinates; nil when they are not what its type says.
func rings(g locuskit.Geometry) [][]svg.Point {
	var polygons [][][][]float64
	switch g.Type {
	case "Polygon":
		var one [][][]float64
		if json.Unmarshal(g.Coordinates, &one) != nil {
			return nil
		}
		polygons = append(polygons, one)
	case "MultiPolygon":
		if json.Unmarshal(g.Coordinates, &polygons) != nil {
			return nil
		}
	}
	var all [][]svg.Point
	for _, polygon := range polygons {
		for _, ring := range polygon {
			var points []svg.Point
			for _, c := range ring {
				if len(c) < 2 || math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 {
					return nil
				}
				points = append(points, svg.Point{X: c[0], Y: c[1]})
			}
			if len(points) > 0 {
				all = append(all, points)
			}
		}
	}
	return all
}

// frame maps degrees to the picture.
type frame struct {
	bounds
	x, y, w, h float64
	perDegree  float64 // pixels of a degree of latitude
	squeeze    float64 // of a degree of longitude, in degrees of latitude
}

func (f frame) at(p svg.Point) svg.Point {
	return svg.Point{X: f.x + (p.X-f.west)*f.squeeze*f.perDegree, Y: f.y + (f.north-p.Y)*f.perDegree}
}

const kmPerDegree = 111.2

// frameOf fits what is to be seen, and some room around it, into the picture's width
// and a height that is neither a strip nor a tower.
func frameOf(b bounds, x, y float64) frame {
	const w, least, most = width - 2*margin, 260.0, 520.0
	const room = 0.02 // at least, in degrees: some 2 km
	padX, padY := max((b.east-b.west)*0.07, room), max((b.north-b.south)*0.07, room)
	b = bounds{b.west - padX, b.south - padY, b.east + padX, b.north + padY}
	f := frame{bounds: b, x: x, y: y, w: w}
	f.squeeze = max(math.Cos((b.south+b.north)/2*math.Pi/180), 0.05)
	across, down := (b.east-b.west)*f.squeeze, b.north-b.south
	f.h = min(max(w*down/across, least), most)
	f.perDegree = min(w/across, f.h/down)
	// Centred: what the height or width leaves over goes to both sides.
	extraX, extraY := w/f.perDegree/f.squeeze-(b.east-b.west), f.h/f.perDegree-down
	f.west, f.east = b.west-extraX/2, b.east+extraX/2
	f.south, f.north = b.south-extraY/2, b.north+extraY/2
	return f
}

func (m Map) picture() *svg.Picture {
	title := or(m.Title, "Map")
	places := m.places()
	if len(places) == 0 {
		return empty(title, "There are no outlines with values to draw.")
	}
	f := frameOf(boundsOf(places), margin, 48)
	step, from, classes := heatClasses(places[len(places)-1].value, places[0].value)
	class := func(v float64) int { return int(min(max((v-from)/step, 0), float64(classes-1))) }
	var entries []entry
	for k := range classes {
		lo := from + float64(k)*step
		name := number(lo) + " to " + withUnit(lo+step, m.Unit)
		if lo+step < places[0].value && k == classes-1 {
			name = withUnit(lo, m.Unit) + " or more"
		}
		entries = append(entries, entry{name, box(heat(k, classes))})
	}
	if classes == 1 && places[0].value == places[len(places)-1].value {
		entries[0].name = withUnit(places[0].value, m.Unit)
	}
	legendHeight := legend(nil, 0, entries)
	p := svg.New(width, f.y+f.h+26+legendHeight+12, title, m.describe(places))
	p.Rect(f.x, f.y, f.w, f.h, svg.Style{Fill: svg.Panel})
	f.graticule(p)
	greatest := max(math.Abs(places[0].value), math.Abs(places[len(places)-1].value))
	var taken []rect
	var discs []svg.Point
	for _, pl := range places {
		c := heat(class(pl.value), classes)
		at, size := f.extent(pl)
		discs = append(discs, at)
		if size < 7 {
			r := 3.5
			if greatest > 0 {
				r += 6 * math.Sqrt(math.Abs(pl.value)/greatest)
			}
			p.Circle(at.X, at.Y, r, svg.Style{Fill: c, Stroke: svg.Card, Opacity: 0.85})
			continue
		}
		d := ""
		for _, ring := range pl.rings {
			for i, pt := range ring {
				at := f.at(pt)
				d += fmt.Sprintf("%c%.1f %.1f", "ML"[min(i, 1)], at.X, at.Y)
			}
			d += "Z"
		}
		p.Path(d, svg.Style{Fill: c, Stroke: svg.Card})
	}
	taken = append(taken, f.scale(p))
	m.label(p, f, places, discs, taken)
	legend(p, f.y+f.h+26, entries)
	return p
}

// heatClasses divides values into at most five classes with round limits; the
// last one has all that is beyond.
func heatClasses(lo, hi float64) (step, from float64, n int) {
	step = niceStep(hi-lo, len(svg.Heat))
	from = math.Floor(lo/step) * step
	n = int(math.Ceil((hi-from)/step - 1e-9))
	return step, from, min(max(n, 1), len(svg.Heat))
}

// heat returns the colour of class k of n: few classes are spread over the scale.
func heat(k, n int) svg.Paint {
	if n <= 1 {
		return svg.Heat[len(svg.Heat)/2]
	}
	return svg.Heat[k*(len(svg.Heat)-1)/(n-1)]
}

// extent returns the middle of a place in the picture, and its larger side.
func (f frame) extent(pl place) (middle svg.Point, size float64) {
	b := boundsOf([]place{pl})
	nw, se := f.at(svg.Point{X: b.west, Y: b.north}), f.at(svg.Point{X: b.east, Y: b.south})
	return svg.Point{X: (nw.X + se.X) / 2, Y: (nw.Y + se.Y) / 2}, max(se.X-nw.X, se.Y-nw.Y)
}

// graticule draws meridians and parallels, named at the left and the bottom.
func (f frame) graticule(p *svg.Picture) {
	text := svg.Font{Size: 11, Paint: svg.Muted}
	step := niceStep(min(f.east-f.west, (f.north-f.south)*1.6), 5)
	for _, lon := range ticks(f.west, f.east, step) {
		x := f.at(svg.Point{X: lon, Y: f.south}).X
		p.Line(x, f.y, x, f.y+f.h, grid)
		if x > f.x+20 && x < f.x+f.w-20 {
			text.Anchor = svg.Middle
			p.Text(x, f.y+f.h+14, degrees(lon, "E", "W"), text)
		}
	}
	for _, lat := range ticks(f.south, f.north, step) {
		y := f.at(svg.Point{X: f.west, Y: lat}).Y
		p.Line(f.x, y, f.x+f.w, y, grid)
		if y > f.y+16 && y < f.y+f.h-6 {
			text.Anchor = svg.Start
			p.Text(f.x+5, y-4, degrees(lat, "N", "S"), text)
		}
	}
}

func degrees(v float64, positive, negative string) string {
	side := positive
	if v < 0 {
		side = negative
	}
	return number(math.Round(math.Abs(v)*1e6)/1e6) + "° " + side
}

// scale draws a bar of a round number of kilometres, and returns its room.
func (f frame) scale(p *svg.Picture) rect {
	perKm := f.perDegree / kmPerDegree
	km := niceStep(f.w/4/perKm, 2)
	length, text := km*perKm, number(km)+" km"
	if km < 1 {
		text = number(km*1000) + " m"
	}
	x, y := f.x+f.w-14-length, f.y+f.h-14
	room := rect{x - 6, y - 22, length + 12, 30}
	p.Line(x, y, x+length, y, svg.Style{Stroke: svg.Ink, Width: 2})
	for _, end := range []float64{x, x + length} {
		p.Line(end, y-4, end, y+4, svg.Style{Stroke: svg.Ink, Width: 2})
	}
	p.Text(x+length/2, y-8, text, svg.Font{Size: 11, Anchor: svg.Middle, Halo: true})
	return room
}

// rect is room that is taken.
type rect struct{ x, y, w, h float64 }

func (r rect) meets(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

// label names the greatest places, right or left of them, where there is room.
func (m Map) label(p *svg.Picture, f frame, places []place, at []svg.Point, taken []rect) {
	n := m.Labels
	if n == 0 {
		n = 5
	}
	font := svg.Font{Size: 12, Halo: true}
	for i := range places[:min(max(n, 0), len(places))] {
		text := svg.Fit(places[i].name+" "+number(places[i].value), font, 180)
		w := svg.Width(text, font)
		for _, try := range []svg.Point{{X: 12, Y: 4}, {X: -12 - w, Y: 4}, {X: -w / 2, Y: -13}, {X: -w / 2, Y: 22}} {
			x, y := at[i].X+try.X, at[i].Y+try.Y
			room := rect{x, y - 11, w, 14}
			inside := room.x > f.x && room.x+room.w < f.x+f.w && room.y > f.y && room.y+room.h < f.y+f.h
			if !inside || slices.ContainsFunc(taken, room.meets) {
				continue
			}
			taken = append(taken, room)
			p.Text(x, y, text, font)
			break
		}
	}
}

func (m Map) describe(places []place) string {
	text := fmt.Sprintf("%s from %s to %s", plural(len(places), "place"),
		number(places[len(places)-1].value), withUnit(places[0].value, m.Unit))
	if left := len(m.Outlines.Features) - len(places); left > 0 {
		text += fmt.Sprintf("; %d more cannot be drawn", left)
	}
	text += ". The greatest: "
	for i, pl := range places[:min(5, len(places))] {
		if i > 0 {
			text += ", "
		}
		text += pl.name + " " + number(pl.value)
	}
	return text + "."
}
