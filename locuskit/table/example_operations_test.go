package table_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"locuslab/locuskit/table"
)

// exampleVisits returns the table of the examples: a visit was not counted on one of the days.
func exampleVisits() table.Table {
	t, err := table.ParseCSV(context.Background(), strings.NewReader(`zone,day,visits
M5V,2020-01-06,12
M5V,2020-01-09,30
L0K,2020-01-06,
L0K,2020-01-14,7
K1A,2020-02-03,9
`), "visits.csv")
	if err != nil {
		panic(err)
	}
	return t
}

func exampleZones() table.Table {
	t, err := table.New([]string{"code", "town"}, []string{"M5V", "L0K", "H2X"}, []string{"Toronto", "Brechin", "Montréal"})
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleTable_With() {
	visits := exampleVisits()
	fmt.Println(visits.With("busy", func(r table.Row) (bool, bool) {
		return r.Int("visits") > 10, !r.IsNull("visits") // no value where there is none to compare
	}).Select("zone", "visits", "busy"))
	// Output:
	//    zone  visits  busy
	// 0  M5V       12  true
	// 1  M5V       30  true
	// 2  L0K
	// 3  L0K        7  false
	// 4  K1A        9  false
}

func ExampleTable_Cast() {
	tab, err := table.New([]string{"code", "share"}, []int{7, 12}, []string{"0.5", "half"})
	if err != nil {
		panic(err)
	}
	fmt.Println(tab.Cast("code", table.Float))
	fmt.Println(tab.Cast("share", table.Float).Err())
	// Output:
	//    code  share
	// 0     7  0.5
	// 1    12  half
	// cast share to float: column "share", row 2: "half" is not exactly a float
}

func ExampleTable_WhereNull() {
	visits := exampleVisits()
	fmt.Println(visits.WhereNull("visits"))
	// Output:
	//    zone  day         visits
	// 0  L0K   2020-01-06
}

func ExampleTable_WhereNotNull() {
	visits := exampleVisits()
	fmt.Println(visits.WhereNotNull("visits").Select("zone", "visits"))
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  M5V       30
	// 2  L0K        7
	// 3  K1A        9
}

func ExampleTable_DropNulls() {
	visits := exampleVisits()
	fmt.Println(visits.DropNulls().Select("day", "visits"))
	// Output:
	//    day         visits
	// 0  2020-01-06      12
	// 1  2020-01-09      30
	// 2  2020-01-14       7
	// 3  2020-02-03       9
}

func ExampleTable_FillNull() {
	visits := exampleVisits()
	fmt.Println(visits.FillNull("visits", 0).Select("zone", "visits"))
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  M5V       30
	// 2  L0K        0
	// 3  L0K        7
	// 4  K1A        9
}

func ExampleTable_Join() {
	visits, zones := exampleVisits(), exampleZones()
	// The columns that belong together have different names.
	fmt.Println(visits.Join(zones, "zone=code").Select("zone", "visits", "town"))
	// Output:
	//    zone  visits  town
	// 0  M5V       12  Toronto
	// 1  M5V       30  Toronto
	// 2  L0K           Brechin
	// 3  L0K        7  Brechin
}

func ExampleTable_Join_several() {
	visits := exampleVisits()
	holidays, err := table.New([]string{"zone", "date", "holiday"}, []string{"M5V", "L0K"}, []string{"2020-01-06", "2020-01-07"}, []string{"Epiphany", "-"})
	if err != nil {
		panic(err)
	}
	fmt.Println(visits.Join(holidays, "zone", "day=date"))
	// Output:
	//    zone  day         visits  holiday
	// 0  M5V   2020-01-06      12  Epiphany
}

func ExampleTable_LeftJoin() {
	visits, zones := exampleVisits(), exampleZones()
	fmt.Println(visits.LeftJoin(zones, "zone=code").WhereNull("town"))
	// Output:
	//    zone  day         visits  town
	// 0  K1A   2020-02-03       9
}

func ExampleTable_OuterJoin() {
	visits, zones := exampleVisits().GroupSum("zone", "visits"), exampleZones()
	fmt.Println(visits.OuterJoin(zones, "zone=code"))
	// Output:
	//    zone  visits  town
	// 0  K1A        9
	// 1  L0K        7  Brechin
	// 2  M5V       42  Toronto
	// 3  H2X           Montréal
}

func ExampleTable_SemiJoin() {
	visits, zones := exampleVisits(), exampleZones()
	fmt.Println(zones.SemiJoin(visits, "code=zone"))
	// Output:
	//    code  town
	// 0  M5V   Toronto
	// 1  L0K   Brechin
}

func ExampleTable_AntiJoin() {
	visits, zones := exampleVisits(), exampleZones()
	fmt.Println(zones.AntiJoin(visits, "code=zone"))
	// Output:
	//    code  town
	// 0  H2X   Montréal
}

func ExampleGroups_Top() {
	visits := exampleVisits()
	fmt.Println(visits.GroupBy("zone").Top(1, "-visits"))
	// Output:
	//    zone  day         visits
	// 0  K1A   2020-02-03       9
	// 1  L0K   2020-01-14       7
	// 2  M5V   2020-01-09      30
}

func ExampleGroups_First() {
	visits := exampleVisits()
	fmt.Println(visits.GroupBy("zone").First(1))
	// Output:
	//    zone  day         visits
	// 0  K1A   2020-02-03       9
	// 1  L0K   2020-01-06
	// 2  M5V   2020-01-06      12
}

func ExampleGroups_Last() {
	visits := exampleVisits()
	fmt.Println(visits.GroupBy("zone").Last(1))
	// Output:
	//    zone  day         visits
	// 0  K1A   2020-02-03       9
	// 1  L0K   2020-01-14       7
	// 2  M5V   2020-01-09      30
}

func ExampleTable_ValueCounts() {
	visits := exampleVisits()
	fmt.Println(visits.ValueCounts("zone"))
	// Output:
	//    zone  count
	// 0  L0K       2
	// 1  M5V       2
	// 2  K1A       1
}

func ExampleTable_Truncate() {
	visits := exampleVisits()
	fmt.Println(visits.Cast("day", table.Timestamp).Truncate("day", table.Week, "week").GroupSum("week", "visits"))
	// Output:
	//    week                       visits
	// 0  2020-01-06T00:00:00+00:00      42
	// 1  2020-01-13T00:00:00+00:00       7
	// 2  2020-02-03T00:00:00+00:00       9
}

func ExampleRow_Time() {
	visits := exampleVisits().Cast("day", table.Timestamp)
	thursdays := visits.Filter(func(r table.Row) bool { return r.Time("day").Weekday() == time.Thursday })
	fmt.Println(thursdays)
	// Output:
	//    zone  day                        visits
	// 0  M5V   2020-01-09T00:00:00+00:00      30
}

func ExampleConcatByName() {
	visits := exampleVisits().Head(1)
	later, err := table.New([]string{"day", "zone", "visitors"}, []string{"2020-03-02"}, []string{"M5V"}, []int{5})
	if err != nil {
		panic(err)
	}
	got, err := table.ConcatByName(visits, later)
	if err != nil {
		panic(err)
	}
	fmt.Println(got)
	// Output:
	//    zone  day         visits  visitors
	// 0  M5V   2020-01-06      12
	// 1  M5V   2020-03-02                 5
}

func ExampleFromStructs() {
	type Visit struct {
		Zone   string `table:"zone"`
		Visits *int64 `table:"visits"` // nil is null
	}
	seven := int64(7)
	got, err := table.FromStructs([]Visit{{"M5V", &seven}, {"L0K", nil}})
	if err != nil {
		panic(err)
	}
	fmt.Println(got)
	// Output:
	//    zone  visits
	// 0  M5V        7
	// 1  L0K
}

func ExampleStructs() {
	type Visit struct {
		Zone   string    `table:"zone"`
		Day    time.Time `table:"day"`
		Visits int       `table:"visits"`
	}
	visits := exampleVisits().Cast("day", table.Timestamp)
	_, err := table.Structs[Visit](visits)
	fmt.Println(err)
	list, err := table.Structs[Visit](visits.DropNulls())
	fmt.Println(len(list), list[0].Day.Weekday(), err)
	// Output:
	// structs of a table: column "visits", row 3: it is null: make the field a *int, or see FillNull and DropNulls
	// 4 Monday <nil>
}

func ExampleTable_Parallel() {
	visits := exampleVisits()
	// The same rows to the last bit, on as many cores.
	fmt.Println(visits.Parallel(table.Workers(2)).Sort("-visits").Head(1))
	fmt.Println(visits.SortParallel("-visits").Head(1))
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-09      30
	//    zone  day         visits
	// 0  M5V   2020-01-09      30
}

func ExampleStream_Parallel() {
	visits := exampleVisits()
	pages := table.ScanPages("visits", func(yield func(table.Table, error) bool) {
		_ = yield(visits.Head(2), nil) && yield(visits.Tail(3), nil)
	})
	got, err := pages.Parallel(table.Workers(2)).GroupBy("zone").Agg(context.Background(), table.Sum("visits"), table.Count("visits"))
	if err != nil {
		panic(err)
	}
	fmt.Println(got)
	// Output:
	//    zone  visits_sum  visits_count
	// 0  K1A            9             1
	// 1  L0K            7             1
	// 2  M5V           42             2
}
