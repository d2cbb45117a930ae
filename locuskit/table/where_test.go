package table_test

import (
	"bytes"
	"strconv"
	"testing"

	"locuslab/locuskit/table"
)

// Which rows match, and how they lie, decides what the result is made of: a sample
// tells how large it will be, and must not decide what is in it.
func TestWhereKeepsTheRowsThatMatchHoweverTheyLie(t *testing.T) {
	const rows = 700_001
	shapes := map[string]func(i int) int64{
		"none":                func(int) int64 { return 0 },
		"all":                 func(int) int64 { return 9 },
		"one":                 func(i int) int64 { return 9 * int64(b2i(i == 345_678)) },
		"every third":         func(i int) int64 { return int64(i%3) * 4 },
		"sorted":              func(i int) int64 { return int64(i / 70_000) },
		"where no sample was": func(i int) int64 { return 9 * int64(b2i((i/1024)%5 == 2 && i%5503 > 1500)) },
		"the first":           func(i int) int64 { return 9 * int64(b2i(i < 150_000)) },
		"the last":            func(i int) int64 { return 9 * int64(b2i(i >= rows-3)) },
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			b := []byte("number,real,text,flag\n")
			for i := range rows {
				b = strconv.AppendInt(b, shape(i), 10)
				if b = append(b, ','); i%7 != 0 { // a null
					b = strconv.AppendInt(b, int64(i), 10)
				}
				b = append(b, ".5,a,true\n"[2*b2i(i%7 == 0):]...)
			}
			tab, err := table.ParseCSV(t.Context(), bytes.NewReader(b), "rows.csv")
			if err != nil {
				t.Fatal(err)
			}
			want := sameText(tab.Filter(func(r table.Row) bool { return r.Int("number") > 8 }))
			for _, workers := range []table.Workers{1, 2, 5} {
				if got := sameText(tab.Parallel(workers).Where("number", ">", 8)); got != want {
					t.Errorf("with %d workers Where keeps other rows than Filter: %d bytes of text instead of %d", workers, len(got), len(want))
				}
			}
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
