package show

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
)

type city struct {
	Name       string
	Population int
	area       float64
}

func cities(n int) (list []city) {
	for i := range n {
		list = append(list, city{fmt.Sprintf("city of some longer name %d", i), i * 1000, float64(i) / 4})
	}
	return list
}

func TestTablesAsHTML(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		cells []string // that occur in this order
	}{
		"structs":           {cities(2), []string{"Name", "Population", "area", ">0<", "city of some longer name 0", ">1<", "1000", "0.25"}},
		"pointers":          {[]*city{{"a", 1, 2}, nil}, []string{"Name", ">a<", ">1<", "&lt;nil&gt;"}},
		"a pointer to some": {&[]city{{"a", 1, 2}}, []string{"Name", ">a<"}},
		"maps":              {[]map[string]any{{"b": 1, "a": "x"}, {"c": nil}}, []string{">a<", ">b<", ">c<", ">x<", ">1<", "&lt;nil&gt;"}},
		"JSON":              {[]any{map[string]any{"id": 7.0}, map[string]any{"id": 8.0}}, []string{">id<", ">7<", ">8<"}},
		"nothing": {[]struct {
			P, Q *big.Int
			S    string
		}{{nil, big.NewInt(5), "<nil>"}}, []string{">&lt;nil&gt;<", ">5<", ">&#34;&lt;nil&gt;&#34;<"}},
		"text and numbers":   {[]map[string]any{{"id": "7"}, {"id": 7}, {"id": "x"}}, []string{">&#34;7&#34;<", ">7<", ">x<"}},
		"a map":              {map[string]float64{"b": 1.5, "a": math.Inf(1)}, []string{">a<", "+Inf", ">b<", "1.5"}},
		"a map of structs":   {map[int]city{2: {"b", 1, 1}, 1: {"a", 2, 2}}, []string{"Name", ">1<", ">a<", ">2<", ">b<"}},
		"rows":               {[][]float64{{1, 2}, {3}}, []string{">0<", ">1<", ">1<", ">2<", ">3<"}},
		"NaN keys":           {map[float64]int{math.NaN(): 5}, []string{"NaN", ">5<"}},
		"what HTML mistakes": {map[string]string{"<script>": `"&`}, []string{"&lt;script&gt;", "&#34;&amp;"}},
		"head and tail":      {cities(1500), []string{"name 0<", "name 4<", "…", "name 1495<", "name 1499<", "1500 rows × 3 columns"}},
	} {
		html, _ := Bundle(c.value)["text/html"].(string)
		rest, ok := html, strings.Contains(html, `<table class="dataframe">`)
		for _, cell := range c.cells {
			_, after, found := strings.Cut(rest, cell)
			ok, rest = ok && found, after
		}
		if !ok || strings.Contains(html, "<script>") {
			t.Errorf("%s: %s", name, html)
		}
	}
	for _, v := range []any{1, "x", []int{1}, []string{"a"}, []byte("x"), city{}, []city{}, []error{nil}, []degrees{1}, map[string]int{}, []any{1, "x"}, [][]byte{[]byte("x")}, []any{nil, nil}} {
		if b := Bundle(v); len(b) != 1 {
			t.Errorf("%T is shown as %v", v, b)
		}
	}
}

func TestTablesAsText(t *testing.T) {
	want := `   Name                        Population  area
0  city of some longer name 0           0     0
1  city of some longer name 1        1000  0.25`
	if got := Text(cities(2)); got != want {
		t.Errorf("structs read\n%s", got)
	}
	long := Text(cities(1500))
	if lines := strings.Split(long, "\n"); len(lines) != 14 || !strings.HasPrefix(lines[6], "…") || lines[13] != "1500 rows × 3 columns" {
		t.Errorf("1500 structs read\n%s", long)
	}
	wide := [][]int{make([]int, 40), make([]int, 40)}
	if got := Text(wide); !strings.Contains(got, "2 rows × 40 columns") {
		t.Errorf("a wide one reads\n%s", got)
	}
}

type grid2 struct{ rows, columns int }

func (g grid2) Dims() (int, int)    { return g.rows, g.columns }
func (g grid2) At(i, j int) float64 { return float64(i*g.columns + j) }

func TestMatrix(t *testing.T) {
	b := Bundle(grid2{2, 2})
	if want := "   0  1\n0  0  1\n1  2  3\n\n2 rows × 2 columns"; b[Plain] != want || !strings.Contains(b["text/html"].(string), "<table") {
		t.Errorf("matrix %v", b)
	}
	if text := Bundle(grid2{1_000_000, 1_000_000})[Plain].(string); len(text) > 10_000 || !strings.Contains(text, "1000000 rows × 1000000 columns") {
		t.Errorf("large matrix\n%s", text)
	}
}
