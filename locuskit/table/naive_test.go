package table_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"locuslab/locuskit/table"
)

// randomTable has nulls, NaN, infinities, unicode and long keys, few or many
// distinct values, as the seed has it. It comes by way of CSV, the form in which
// a test can write all of these.
func randomTable(t testing.TB, r *rand.Rand, rows int) table.Table {
	t.Helper()
	groups := []int{1, 3, 50, 5000, rows + 1}[r.IntN(5)]
	nulls := []float64{0, 0.1, 0.9}[r.IntN(3)]
	span := []int64{1, 100, 1 << 40}[r.IntN(3)]
	var b bytes.Buffer
	b.WriteString("key,number,real,flag,small\n")
	field := func(s string) string {
		if r.Float64() < nulls {
			return ""
		}
		return s
	}
	for range rows {
		g := r.IntN(groups)
		key := fmt.Sprintf("%q", []string{"", "K", "ключ", "a much longer key than eight bytes ", "日本"}[g%5]+fmt.Sprint(g))
		real := fmt.Sprint(math.Round(r.NormFloat64()*1e6) / 1e3)
		switch r.IntN(40) {
		case 0:
			real = "NaN"
		case 1:
			real = "Inf"
		case 2:
			real = "-Inf"
		case 3:
			real = "-0"
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%d\n", field(key), field(fmt.Sprint(r.Int64N(span)-span/2)), field(real), field(fmt.Sprint(r.IntN(2) == 0)), r.IntN(7))
	}
	kinds := table.Kinds{"key": table.String, "number": table.Int, "real": table.Float, "flag": table.Bool, "small": table.Int}
	tab, err := table.ParseCSV(t.Context(), &b, "random.csv", kinds)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// record is a row as plain Go values.
type record map[string]any

func records(t table.Table) []record {
	out := make([]record, 0, t.Rows())
	for _, row := range t.All() {
		r := make(record)
		for _, name := range t.Columns() {
			r[name] = row.Value(name)
		}
		out = append(out, r)
	}
	return out
}

// compareValues orders as the package says: NaN after numbers, nil last.
func compareValues(a, b any) int {
	if a == nil || b == nil {
		switch {
		case a == b:
			return 0
		case a == nil:
			return 1
		}
		return -1
	}
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64))
	case string:
		return cmp.Compare(x, b.(string))
	case float64:
		y := b.(float64)
		if math.IsNaN(x) || math.IsNaN(y) {
			switch {
			case math.IsNaN(x) && math.IsNaN(y):
				return 0
			case math.IsNaN(x):
				return 1
			}
			return -1
		}
		return cmp.Compare(x, y)
	case bool:
		return cmp.Compare(fmt.Sprint(x), fmt.Sprint(b))
	}
	panic(fmt.Sprintf("%T", a))
}

// sameText returns the table in a form that tells all values apart, bits of floats
// included.
func sameText(t table.Table) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, t.Columns(), t.Err())
	names := t.Columns()
	for _, row := range t.All() {
		for _, name := range names {
			switch v := row.Value(name).(type) {
			case float64:
				b.WriteString(strconv.FormatUint(math.Float64bits(v), 16))
			case int64:
				b.WriteString(strconv.FormatInt(v, 10))
			case string:
				b.WriteString(strconv.Quote(v))
			default:
				fmt.Fprint(&b, v)
			}
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1)
}

func naiveGroups(rows []record, keys []string) [][]record {
	byKey := make(map[string][]record)
	for _, r := range rows {
		var k []string
		for _, name := range keys {
			v := r[name]
			if v == 0.0 { // both zeros
				v = 0.0
			}
			k = append(k, fmt.Sprintf("%T%v", v, v))
		}
		id := fmt.Sprintf("%q", k)
		byKey[id] = append(byKey[id], r)
	}
	var groups [][]record
	for _, g := range byKey {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b []record) int {
		for _, name := range keys {
			if c := compareValues(a[0][name], b[0][name]); c != 0 {
				return c
			}
		}
		return 0
	})
	return groups
}

func present(rows []record, name string) []any {
	var out []any
	for _, r := range rows {
		if r[name] != nil {
			out = append(out, r[name])
		}
	}
	return out
}

func toFloats(v []any) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		switch x := x.(type) {
		case int64:
			out[i] = float64(x)
		case float64:
			out[i] = x
		}
	}
	return out
}

func naiveQuantile(v []float64, q float64) float64 {
	s := slices.Clone(v)
	slices.SortFunc(s, func(a, b float64) int { return compareValues(a, b) })
	at := q * float64(len(s)-1)
	a, b := s[int(at)], s[min(int(at)+1, len(s)-1)]
	if at == math.Trunc(at) || a == b {
		return a
	}
	part := at - math.Trunc(at)
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return a*(1-part) + b*part
	}
	return a + (b-a)*part
}
