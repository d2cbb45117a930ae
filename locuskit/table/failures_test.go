package table_test

import (
	"fmt"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

func TestNamesThatAreNotThere(t *testing.T) {
	tab, err := table.New([]string{"zip", "visits"}, []string{"02116", "94107"}, []int64{500, 3})
	if err != nil {
		t.Fatal(err)
	}
	for how, f := range map[string]func(r table.Row) bool{
		`no column "vists": the table has zip, visits`:  func(r table.Row) bool { return r.Int("vists") > 100 },
		`no column "vist": the table has zip, visits`:   func(r table.Row) bool { return r.IsNull("vist") },
		`no column "v": the table has zip, visits`:      func(r table.Row) bool { return r.Value("v") == nil },
		`column "zip" holds string values, not int`:     func(r table.Row) bool { return r.Int("zip") > 100 },
		`column "zip" holds string values, not numbers`: func(r table.Row) bool { return r.Float("zip") > 100 },
		`column "visits" holds int values, not string`:  func(r table.Row) bool { return r.String("visits") == "" },
		`column "visits" holds int values, not bool`:    func(r table.Row) bool { return r.Bool("visits") },
	} {
		for _, got := range []table.Table{tab.Filter(f), tab.FilterParallel(f, table.Workers(2))} {
			if err := got.Err(); err == nil || !strings.Contains(err.Error(), how) {
				t.Errorf("error %v, want %q", err, how)
			}
		}
		if p := panicOf(func() {
			for _, row := range tab.All() {
				f(row)
			}
		}); p == nil || !strings.Contains(p.Error(), how) {
			t.Errorf("in a loop: panic %v, want %q", p, how)
		}
	}
	if n := tab.Filter(func(r table.Row) bool { return r.Int("visits") > 100 && r.Float("visits") > 1 }).Rows(); n != 1 {
		t.Errorf("%d rows", n)
	}
	if p := panicOf(func() { tab.Filter(func(table.Row) bool { panic(fmt.Errorf("mine")) }) }); p == nil || p.Error() != "mine" {
		t.Errorf("a panic of the caller's own: %v", p)
	}
	if _, err := table.ParseCSV(t.Context(), strings.NewReader("zip,visits\n02116,500\n"), "x.csv", table.Kinds{"zipp": table.String}); err == nil || !strings.Contains(err.Error(), `no column "zipp", which table.Kinds names: the file has zip, visits`) {
		t.Errorf("Kinds: %v", err)
	}
}

// panicOf returns what f panics with.
func panicOf(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	f()
	return nil
}

func TestNoNumberOfAFailedTable(t *testing.T) {
	tab, err := table.New([]string{"a"}, []int64{1})
	if err != nil {
		t.Fatal(err)
	}
	failed := tab.Where("b", ">", 0)
	for name, f := range map[string]func(){
		"Rows":    func() { failed.Rows() },
		"Columns": func() { failed.Columns() },
		"All":     func() { failed.Sort("a").All() },
		"Schema":  func() { failed.Schema() },
	} {
		if p := panicOf(f); p == nil || !strings.Contains(p.Error(), `no column "b"`) {
			t.Errorf("%s: panic %v", name, p)
		}
	}
	if s := failed.String() + failed.HTML() + failed.Explain(); strings.Count(s, `no column &#34;b&#34;`)+strings.Count(s, `no column "b"`) != 3 {
		t.Errorf("shown as %s", s)
	}
}
