package show

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"reflect"
	"strings"
)

// Types of well-known modules, which the worker does not import.

// offerLibrary adds the display of a type that is known by its name, and reports whether
// it is.
func offerLibrary(b map[string]any, v any) (ok bool) {
	defer func() {
		if recover() != nil { // a release that changed, or a value that is not whole
			clear(b)
			ok = false
		}
	}()
	r := pointerTo(v)
	if !r.IsValid() {
		return false
	}
	t := r.Type().Elem()
	switch path := t.PkgPath(); {
	case path == "gonum.org/v1/plot" && t.Name() == "Plot":
		return offerPlot(b, r)
	case strings.HasPrefix(path, "github.com/go-echarts/go-echarts/"):
		return offerEcharts(b, r)
	case path == "github.com/go-gota/gota/dataframe" && t.Name() == "DataFrame":
		return offerTable(b, frame(r), true)
	case path == "github.com/go-gota/gota/series" && t.Name() == "Series":
		return offerTable(b, seriesTable(r), true)
	}
	return false
}

// offerByMethods adds the display of an image or a matrix, and reports whether the value
// is one.
func offerByMethods(b map[string]any, v any) (ok bool) {
	defer func() {
		if recover() != nil { // of no size, or the like
			clear(b)
			ok = false
		}
	}()
	pointer := pointerTo(v)
	for _, r := range []reflect.Value{reflect.ValueOf(v), pointer} {
		if !r.IsValid() {
			continue
		}
		switch x := r.Interface().(type) {
		case image.Image:
			return offerImage(b, x)
		case matrix:
			return offerTable(b, matrixTable(x), !speaks(r))
		}
	}
	return false
}

// pointerTo is a pointer to a struct, or to a copy of one; the zero Value where v is
// neither.
func pointerTo(v any) reflect.Value {
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Pointer && !r.IsNil() && r.Elem().Kind() == reflect.Struct:
		return r
	case r.Kind() == reflect.Struct:
		return addressable(r).Addr()
	}
	return reflect.Value{}
}

func offerImage(b map[string]any, m image.Image) bool {
	var w bytes.Buffer
	if png.Encode(&w, m) != nil {
		return false
	}
	b["image/png"] = w.Bytes()
	b[Plain] = fmt.Sprintf("%T %v", m, m.Bounds()) // its text would be all of its pixels
	return true
}

// offerTable adds a table, as text too unless the value has a text of its own that is
// better.
func offerTable(b map[string]any, t *table, text bool) bool {
	if t == nil {
		return false
	}
	b["text/html"] = t.html()
	if text {
		b[Plain] = t.text()
	}
	return true
}

// matrix is what gonum's matrices have in common.
type matrix interface {
	Dims() (rows, columns int)
	At(i, j int) float64
}

func matrixTable(m matrix) *table {
	rows, columns := m.Dims()
	t := numbered(rows, columns, true, func(i, j int) string { return fmt.Sprint(m.At(i, j)) })
	t.counted = true
	return t
}

// offerPlot draws a *plot.Plot as SVG.
func offerPlot(b map[string]any, r reflect.Value) bool {
	const widthPoints, heightPoints = 6 * 72, 4 * 72
	m := r.MethodByName("WriterTo")
	length := m.Type().In(0)
	size := func(points float64) reflect.Value { return reflect.ValueOf(points).Convert(length) }
	results := m.Call([]reflect.Value{size(widthPoints), size(heightPoints), reflect.ValueOf("svg")})
	w, isWriter := results[0].Interface().(io.WriterTo)
	if !isWriter || !results[1].IsNil() {
		return false
	}
	var picture bytes.Buffer
	if _, err := w.WriteTo(&picture); err != nil {
		return false
	}
	b["image/svg+xml"] = picture.String()
	b[Plain] = titled(r, r.Elem().FieldByName("Title").FieldByName("Text").String())
	return true
}

// offerEcharts shows a chart of go-echarts, which is a page with a script: in a frame of
// its own, so that it does not meet the notebook's.
func offerEcharts(b map[string]any, r reflect.Value) bool {
	chart, isChart := r.Interface().(interface{ Render(w io.Writer) error })
	if !isChart {
		return false
	}
	var page bytes.Buffer
	if err := chart.Render(&page); err != nil {
		return false
	}
	title, height := "", "520px"
	if base := r.Elem(); base.Kind() == reflect.Struct {
		if h := fieldOf(base, "Initialization", "Height"); h.IsValid() && strings.HasSuffix(h.String(), "px") {
			height = "calc(" + h.String() + " + 20px)"
		}
		if text := fieldOf(base, "Title", "Title"); text.IsValid() {
			title = text.String()
		}
	}
	b["text/html"] = fmt.Sprintf(`<iframe style="width:100%%;height:%s;border:0" srcdoc="%s"></iframe>`, html.EscapeString(height), html.EscapeString(page.String()))
	b[Plain] = titled(r, title)
	return true
}

// fieldOf is a string in a field of a field; the zero Value for none.
func fieldOf(v reflect.Value, names ...string) reflect.Value {
	for _, name := range names {
		if v.Kind() != reflect.Struct {
			return reflect.Value{}
		}
		if v = v.FieldByName(name); !v.IsValid() {
			return v
		}
	}
	if v.Kind() != reflect.String {
		return reflect.Value{}
	}
	return v
}

func titled(r reflect.Value, title string) string {
	if title == "" {
		return r.Type().String()
	}
	return fmt.Sprintf("%v %q", r.Type(), title)
}

// frame is a data frame of gota.
func frame(r reflect.Value) *table {
	if failed(r) {
		return nil // its text tells the error
	}
	names := r.MethodByName("Names").Call(nil)[0].Interface().([]string)
	rows := int(r.MethodByName("Nrow").Call(nil)[0].Int())
	types := r.MethodByName("Types").Call(nil)[0]
	elem := r.MethodByName("Elem")
	t := &table{width: len(names)}
	shown := ends(len(names), mostColumns, endColumns)
	for _, j := range shown {
		if j < 0 {
			t.column("…", false)
			continue
		}
		kind := types.Index(j).String()
		t.column(names[j], kind == "int" || kind == "float")
	}
	t.eachRow(rows, func(i int) (cells []string) {
		for _, j := range shown {
			if j < 0 {
				cells = append(cells, "…")
				continue
			}
			cells = append(cells, legible(fmt.Sprint(elem.Call([]reflect.Value{reflect.ValueOf(i), reflect.ValueOf(j)})[0].Interface())))
		}
		return cells
	})
	t.counted = true
	return t
}

// failed reports whether a frame or series of gota is an error.
func failed(r reflect.Value) bool {
	err := r.Elem().FieldByName("Err")
	if !err.IsValid() {
		err = r.Elem().FieldByName("err")
	}
	return err.IsValid() && !err.IsNil()
}

func seriesTable(r reflect.Value) *table {
	if failed(r) {
		return nil
	}
	name := r.Elem().FieldByName("Name").String()
	if name == "" {
		name = "value"
	}
	elem, kind := r.MethodByName("Elem"), r.MethodByName("Type").Call(nil)[0].String()
	t := &table{width: 1}
	t.column(name, kind == "int" || kind == "float")
	t.eachRow(r.MethodByName("Len").Call(nil)[0].Interface().(int), func(i int) []string {
		return []string{legible(fmt.Sprint(elem.Call([]reflect.Value{reflect.ValueOf(i)})[0].Interface()))}
	})
	t.counted = true
	return t
}
