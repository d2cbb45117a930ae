package chart_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/chart"
)

// shown is what a notebook asks a chart for.
type shown interface {
	SVG() string
	HTML() string
	String() string
}

var (
	nan   = math.NaN()
	inf   = math.Inf(1)
	begin = time.Date(2021, 2, 1, 12, 0, 0, 0, time.UTC)
)

func at(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }
func milli(n ...int) []time.Duration {
	var list []time.Duration
	for _, ms := range n {
		list = append(list, time.Duration(ms)*time.Millisecond)
	}
	return list
}

// square returns an outline around a place.
func square(code string, lon, lat, half float64) locuskit.Feature {
	return feature(code, "Polygon", fmt.Sprintf("[[[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]",
		lon-half, lat-half, lon+half, lat-half, lon+half, lat+half, lon-half, lat-half))
}

func feature(code, kind, coordinates string) locuskit.Feature {
	return locuskit.Feature{Type: "Feature", Properties: map[string]any{"geo_id": code},
		Geometry: locuskit.Geometry{Type: kind, Coordinates: json.RawMessage(coordinates)}}
}

func outlines(f ...locuskit.Feature) locuskit.FeatureCollection {
	return locuskit.FeatureCollection{Type: "FeatureCollection", Features: f}
}

// TestWhatIsRead asserts what a reader finds in a picture, and that any data
// give a picture that XML readers take.
func TestWhatIsRead(t *testing.T) {
	long := strings.Repeat("a label that goes on and on ", 20)
	tests := []struct {
		name  string
		chart shown
		want  []string // texts in the picture
		words []string // in its description
		not   []string
	}{
		{"bars", chart.Bars{Title: "Education", Unit: "%", Labels: []string{"college", "trades"}, Series: []chart.Series{{Values: []float64{21.04, 5.931}}}},
			[]string{"Education", "college", "21%", "5.93%"}, []string{"college: 21%; trades: 5.93%."}, nil},
		{"income", chart.Bars{Unit: "$", Labels: []string{"mean"}, Series: []chart.Series{{Values: []float64{98123.4}}}}, []string{"$98,123"}, nil, nil},
		{"grouped", chart.Bars{Labels: []string{"1 worker", "8 workers"}, Unit: "×",
			Series: []chart.Series{{"I/O-bound", []float64{1, 7.4}}, {"CPU-bound", []float64{1}}}},
			[]string{"I/O-bound", "CPU-bound", "8 workers", "7.4×", "–"}, []string{"8 workers: I/O-bound 7.4×, CPU-bound –."}, nil},
		{"logarithmic", chart.Bars{Log: true, Unit: "ms", Labels: []string{"a", "b", "c"}, Series: []chart.Series{{Values: []float64{0.2, 37_800, -1}}}},
			[]string{"ms (logarithmic)", "37,800 ms", "-1 ms", "100,000"}, nil, nil},
		{"one value logarithmic", chart.Bars{Log: true, Labels: []string{"a"}, Series: []chart.Series{{Values: []float64{1}}}}, []string{"1", "0.1"}, nil, nil},
		{"negative", chart.Bars{Unit: "km", Labels: []string{"a", "b"}, Series: []chart.Series{{Values: []float64{-3, 20}}}}, []string{"-3 km", "20 km"}, nil, nil},
		{"not numbers", chart.Bars{Labels: []string{"a", "b", "c"}, Series: []chart.Series{{Values: []float64{nan, inf, 4}}}}, []string{"–", "4"}, nil, []string{"NaN", "Inf"}},
		{"huge", chart.Bars{Labels: []string{"a", "b"}, Series: []chart.Series{{Values: []float64{-math.MaxFloat64, math.MaxFloat64}}}}, []string{"1.8e+308"}, nil, []string{"NaN", "Inf"}},
		{"all zero", chart.Bars{Labels: []string{"a"}, Series: []chart.Series{{Values: []float64{0}}}}, []string{"0"}, nil, nil},
		{"long label", chart.Bars{Title: long, Labels: []string{long}, Series: []chart.Series{{long, []float64{1}}}}, []string{"a label that goes", "…"}, nil, nil},
		{"hostile label", chart.Bars{Labels: []string{"<script>&\"\x00\x1b\xff"}, Series: []chart.Series{{Values: []float64{1}}}}, []string{`<script>&"`}, nil, nil},
		{"no bars", chart.Bars{Title: "Nothing"}, []string{"Nothing", "no values"}, nil, nil},
		{"only NaN", chart.Bars{Labels: []string{"a"}, Series: []chart.Series{{Values: []float64{nan}}}}, []string{"no values"}, nil, nil},

		{"speed-up", chart.Speedup{Title: "The fetch", Workers: []int{1, 2, 8}, Took: milli(37_800, 19_000, 5_920)},
			[]string{"The fetch", "measured", "ideal", "Amdahl's law with 3.5 % that cannot be divided", "6.39×", "workers"},
			[]string{"1 worker: 37.8 s, 1×", "8 workers: 5.92 s, 6.39×"}, nil},
		{"any order", chart.Speedup{Workers: []int{8, 1}, Took: milli(10, 40)}, []string{"4×"}, nil, nil},
		{"from two workers on", chart.Speedup{Workers: []int{2, 4}, Took: milli(40, 20)}, []string{"2×", "4×"}, nil, nil},
		{"one run", chart.Speedup{Workers: []int{1}, Took: milli(40)}, []string{"1×"}, nil, []string{"Amdahl", "NaN"}},
		{"slower with more", chart.Speedup{Workers: []int{1, 2}, Took: milli(40, 80)}, []string{"0.5×", "with 100 %"}, nil, nil},
		{"same number twice", chart.Speedup{Workers: []int{1, 1, 2, 2}, Took: milli(40, 41, 20, 21)}, []string{"2×"}, nil, nil},
		{"useless runs", chart.Speedup{Workers: []int{0, -1, 3}, Took: milli(1, 2)}, []string{"no runs"}, nil, nil},

		{"lines", chart.Lines{Title: "By rows", XUnit: "rows", Unit: "s", Lines: []chart.Line{
			{Name: "one machine", X: []float64{1e6, 1e8}, Y: []float64{0.01, 1}},
			{Name: "ten machines", X: []float64{1e6, 1e8}, Y: []float64{0.5, 0.6}, Reckoned: true, Mark: 5e7, MarkLabel: "from here on"}}},
			[]string{"By rows", "one machine", "ten machines", "from here on", "1,000,000", "rows"},
			[]string{"one machine, 1,000,000 rows: 0.01 s, 100,000,000 rows: 1 s; ten machines"}, nil},
		{"line of one point", chart.Lines{Lines: []chart.Line{{Name: "a", X: []float64{5}, Y: []float64{1}}}}, []string{"a"}, nil, []string{"NaN", "Inf"}},
		{"no line", chart.Lines{Lines: []chart.Line{{Name: "a", X: []float64{0, -1, nan, 3}, Y: []float64{1, 1, 1, inf}, Mark: inf, MarkLabel: "m"}}}, []string{"no values"}, nil, []string{"NaN"}},

		{"timeline", chart.Timeline{Title: "Two at a time", Requests: []locuskit.Sent{
			{Start: at(0), Took: 100 * time.Millisecond, Attempt: 1}, {Start: at(10), Took: 50 * time.Millisecond, Attempt: 1},
			{Start: at(60), Took: 140 * time.Millisecond, Attempt: 1}}},
			[]string{"Two at a time", "3 requests, at most 2 at a time, in 200 ms; added up they took 290 ms.", "time in ms", "1", "2"}, nil, []string{"failed", "repetition"}},
		{"failures", chart.Timeline{Requests: []locuskit.Sent{
			{Start: at(0), Took: time.Second, Attempt: 1, Err: errors.New("no")}, {Start: at(1000), Took: time.Second, Attempt: 2}}},
			[]string{"failed", "repetition", "time in s"}, []string{"1 failed, 1 were repetitions."}, nil},
		{"since", chart.Timeline{Since: at(5), Requests: []locuskit.Sent{{Start: at(0), Took: time.Hour}, {Start: at(5), Took: time.Second}}}, []string{"1 request, "}, nil, nil},
		{"span", chart.Timeline{Span: 38 * time.Second, Requests: []locuskit.Sent{{Start: at(0), Took: time.Second}}}, []string{"35"}, nil, nil},
		{"no time at all", chart.Timeline{Requests: []locuskit.Sent{{Start: at(0), Took: -5}}}, []string{"1 request"}, nil, nil},
		{"no requests", chart.Timeline{}, []string{"no requests"}, nil, nil},

		{"map", chart.Map{Title: "Visits", Unit: "visits", Values: []float64{562, 110},
			Outlines: outlines(square("L0K1S0", -79.4, 44.7, 0.001), square("L6A1E9", -79.5, 43.8, 0.001))},
			[]string{"Visits", "L0K1S0 562", "L6A1E9 110", "44° N", "79.5° W", "km", "100 to 200 visits", "500 to 600 visits"},
			[]string{"2 places from 110 to 562 visits", "L0K1S0 562"}, nil},
		{"unnamed", chart.Map{Labels: -1, Values: []float64{1}, Outlines: outlines(square("L0K1S0", 0, 0, 1))}, []string{"0° N", "km"}, nil, []string{"L0K1S0 1"}},
		{"one point", chart.Map{Values: []float64{7}, Outlines: outlines(feature("X", "Polygon", "[[[10,50]]]"))}, []string{"X 7", "10° E", "km"}, nil, nil},
		{"several polygons", chart.Map{Values: []float64{-7}, Outlines: outlines(feature("X", "MultiPolygon", "[[[[10,50],[11,50],[11,51]]],[[[12,50],[13,50],[13,51]]]]"))}, []string{"X -7"}, nil, nil},
		{"at the poles", chart.Map{Values: []float64{1, 2}, Outlines: outlines(square("S", 0, -89.9, 0.05), square("N", 179, 89.9, 0.05))}, []string{"N 2"}, nil, nil},
		{"broken outlines", chart.Map{Values: []float64{1, 2, 3, 4, nan, 6}, Outlines: outlines(feature("a", "Polygon", "{"), feature("b", "Point", "[1,2]"),
			feature("c", "Polygon", "[[[1]]]"), feature("d", "Polygon", "[[[1e300,2]]]"), square("e", 1, 2, 1), square("f", 1, 2, 1), square("g", 1, 2, 1))},
			[]string{"f 6"}, []string{"1 place ", "6 more cannot be drawn"}, nil},
		{"extreme values", chart.Map{Values: []float64{-math.MaxFloat64, math.MaxFloat64, 0}, Outlines: outlines(square("a", 1, 2, 1), square("b", 5, 2, 1), square("c", 5, 5, 1))}, []string{"b 1.8e+308"}, nil, []string{"NaN"}},
		{"no outlines", chart.Map{Values: []float64{1}}, []string{"no outlines"}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := tt.chart.SVG()
			title, desc, texts := read(t, doc)
			all := strings.Join(texts, "\n")
			for _, w := range tt.want {
				if !strings.Contains(all, w) {
					t.Errorf("no text %q in\n%s", w, all)
				}
			}
			for _, w := range tt.words {
				if !strings.Contains(desc, w) {
					t.Errorf("no %q in the description %q", w, desc)
				}
			}
			for _, n := range append(tt.not, "NaN", "Inf") {
				if strings.Contains(all, n) {
					t.Errorf("%q in\n%s", n, all)
				}
			}
			if strings.TrimSpace(title) == "" || strings.TrimSpace(desc) == "" {
				t.Errorf("title %q, description %q", title, desc)
			}
			if text := tt.chart.String(); !strings.Contains(text, "\n") {
				t.Errorf("as text: %q", text)
			}
			if strings.Contains(doc, `="NaN`) || strings.Contains(doc, "Inf") {
				t.Errorf("a length that is no number in\n%s", doc)
			}
			if doc != tt.chart.SVG() {
				t.Error("drawn again, it is another picture")
			}
			image(t, tt.chart, doc)
		})
	}
}

// read parses a picture and returns what a reader gets of it.
func read(t *testing.T, doc string) (title, desc string, texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return title, desc, texts
		}
		if err != nil {
			t.Fatalf("not well-formed: %v in\n%s", err, doc)
		}
		switch tok := token.(type) {
		case xml.StartElement:
			open = append(open, tok.Name.Local)
			switch tok.Name.Local {
			case "svg":
				if got := attributes(tok); got["role"] != "img" || got["aria-label"] == "" || got["viewBox"] == "" {
					t.Errorf("svg has %v", got)
				}
			case "script", "foreignObject", "image":
				t.Errorf("there is an element %s", tok.Name.Local)
			}
			for name := range attributes(tok) {
				if strings.HasPrefix(name, "on") || name == "href" {
					t.Errorf("element %s has %s", tok.Name.Local, name)
				}
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) == 0 {
				continue
			}
			switch open[len(open)-1] {
			case "title":
				title += string(tok)
			case "desc":
				desc += string(tok)
			case "text":
				texts = append(texts, string(tok))
			case "style":
				if !strings.Contains(string(tok), "prefers-color-scheme: dark") {
					t.Errorf("style %s", tok)
				}
			}
		}
	}
}

func attributes(e xml.StartElement) map[string]string {
	m := map[string]string{}
	for _, a := range e.Attr {
		m[a.Name.Local] = a.Value
	}
	return m
}

// image asserts that the page's image element is the picture, with its words.
func image(t *testing.T, c shown, doc string) {
	t.Helper()
	var img struct {
		Src string `xml:"src,attr"`
		Alt string `xml:"alt,attr"`
	}
	if err := xml.Unmarshal([]byte(strings.TrimSuffix(c.HTML(), ">")+"/>"), &img); err != nil {
		t.Fatalf("%v in %.300s", err, c.HTML())
	}
	data, ok := strings.CutPrefix(img.Src, "data:image/svg+xml;base64,")
	if got, err := base64.StdEncoding.DecodeString(data); !ok || err != nil || string(got) != doc {
		t.Errorf("another picture in HTML: %.200s (%v)", img.Src, err)
	}
	if len(img.Alt) < 5 {
		t.Errorf("alternative text %q", img.Alt)
	}
}

func TestSerialFraction(t *testing.T) {
	for _, want := range []float64{0, 0.05, 0.5, 1} {
		s := chart.Speedup{Workers: []int{1, 2, 4, 8, 32}}
		for _, n := range s.Workers {
			s.Took = append(s.Took, time.Duration(1e9*(want+(1-want)/float64(n))))
		}
		if got := s.SerialFraction(); math.Abs(got-want) > 1e-6 {
			t.Errorf("serial fraction %v, want %v", got, want)
		}
	}
	if got := (chart.Speedup{Workers: []int{1}, Took: milli(5)}).SerialFraction(); !math.IsNaN(got) {
		t.Errorf("of one run: %v", got)
	}
}

// TestManyRequests: a picture of as many requests as a client remembers must not
// be larger than a notebook can hold.
func TestManyRequests(t *testing.T) {
	var sent []locuskit.Sent
	for i := range 1 << 16 {
		sent = append(sent, locuskit.Sent{Start: at(i / 1024), Took: time.Millisecond, Attempt: 1})
	}
	if n := len(chart.Timeline{Requests: sent}.SVG()); n > 3<<20 {
		t.Errorf("%d bytes", n)
	}
}
