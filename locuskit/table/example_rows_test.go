package table_test

import (
	"fmt"

	"locuslab/locuskit/table"
)

func ExampleTable_Where() {
	visits := exampleVisits()
	fmt.Println(visits.Where("visits", ">", 9))
	fmt.Println(visits.Where("visit", ">", 9).Err())
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-06      12
	// 1  M5V   2020-01-09      30
	// where visit > 9: no column "visit": the table has zone, day, visits
}

func ExampleTable_WhereIn() {
	fmt.Println(exampleVisits().WhereIn("zone", "K1A", "L0K").Select("zone", "visits"))
	// Output:
	//    zone  visits
	// 0  L0K
	// 1  L0K        7
	// 2  K1A        9
}

func ExampleTable_Filter() {
	fmt.Println(exampleVisits().Filter(func(r table.Row) bool {
		return r.Int("visits") < 10 && !r.IsNull("visits")
	}))
	// Output:
	//    zone  day         visits
	// 0  L0K   2020-01-14       7
	// 1  K1A   2020-02-03       9
}

func ExampleTable_Sort() {
	fmt.Println(exampleVisits().Sort("zone", "-visits")) // nulls come last, ascending or descending
	// Output:
	//    zone  day         visits
	// 0  K1A   2020-02-03       9
	// 1  L0K   2020-01-14       7
	// 2  L0K   2020-01-06
	// 3  M5V   2020-01-09      30
	// 4  M5V   2020-01-06      12
}

func ExampleTable_Select() {
	fmt.Println(exampleVisits().Select("visits", "zone").Head(1))
	// Output:
	//    visits  zone
	// 0      12  M5V
}

func ExampleTable_Drop() {
	fmt.Println(exampleVisits().Drop("day").Columns())
	// Output:
	// [zone visits]
}

func ExampleTable_Rename() {
	fmt.Println(exampleVisits().Rename("zone", "geo_id").Columns())
	// Output:
	// [geo_id day visits]
}

func ExampleTable_Head() {
	fmt.Println(exampleVisits().Head(2))
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-06      12
	// 1  M5V   2020-01-09      30
}

func ExampleTable_Tail() {
	fmt.Println(exampleVisits().Tail(2))
	// Output:
	//    zone  day         visits
	// 0  L0K   2020-01-14       7
	// 1  K1A   2020-02-03       9
}

func ExampleTable_Slice() {
	fmt.Println(exampleVisits().Slice(1, 3))
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-09      30
	// 1  L0K   2020-01-06
}

func ExampleTable_WithIndex() {
	fmt.Println(exampleVisits().WithIndex("row").Where("row", "==", 3))
	// Output:
	//    row  zone  day         visits
	// 0    3  L0K   2020-01-14       7
}

func ExampleTable_All() {
	for i, row := range exampleVisits().All() {
		if row.IsNull("visits") {
			fmt.Println(i, row.String("zone"), row.String("day"))
		}
	}
	// Output:
	// 2 L0K 2020-01-06
}

func ExampleRow() {
	t := exampleVisits().Cast("day", table.Timestamp).With("busy", func(r table.Row) bool { return r.Int("visits") > 20 })
	for _, r := range t.Slice(1, 3).All() {
		fmt.Println(r.Index(), r.String("zone"), r.Time("day").Weekday(), r.Int("visits"), r.Float("visits")/7, r.Bool("busy"), r.IsNull("visits"), r.Value("visits"))
	}
	// Output:
	// 0 M5V Thursday 30 4.285714285714286 true false 30
	// 1 L0K Monday 0 0 false true <nil>
}

func ExampleTable_Ints() {
	values, valid, err := exampleVisits().Ints("visits")
	fmt.Println(values, valid, err)
	// Output:
	// [12 30 0 7 9] [true true false true true] <nil>
}

func ExampleTable_Floats() {
	values, valid, err := exampleVisits().DropNulls().Floats("visits")
	fmt.Println(values, valid, err) // none is null
	// Output:
	// [12 30 7 9] [true true true true] <nil>
}

func ExampleTable_Strings() {
	fmt.Println(exampleVisits().Strings("zone"))
	// Output:
	// [M5V M5V L0K L0K K1A] <nil>
}

func ExampleTable_Columns() {
	fmt.Println(exampleVisits().Columns())
	// Output:
	// [zone day visits]
}

func ExampleTable_Rows() {
	fmt.Println(exampleVisits().Rows())
	// Output:
	// 5
}

func ExampleTable_Kind() {
	fmt.Println(exampleVisits().Kind("visits"))
	// Output:
	// int <nil>
}

func ExampleTable_Err() {
	t := exampleVisits().Where("vists", ">", 9).Sort("-visits") // the misspelt name is the first failure
	fmt.Println(t.Err())
	// Output:
	// where vists > 9: no column "vists": the table has zone, day, visits
}

func ExampleTable_Explain() {
	fmt.Println(exampleVisits().Where("visits", ">", 9).SortParallel("-visits").Explain())
	// Output:
	// read CSV visits.csv: 1 blocks of up to 1024 KiB on 1 goroutines
	// where visits > 9: sequential: 5 rows in 1 chunks of 131072
	// sort by -visits: sequential: 2 rows are fewer than the 65536 from which more goroutines gain
}

func ExampleTable_Sequential() {
	parallel := exampleVisits().Parallel(table.Workers(2))
	fmt.Println(parallel.Sequential().Sort("-visits").Explain())
	// Output:
	// read CSV visits.csv: 1 blocks of up to 1024 KiB on 1 goroutines
	// sort by -visits: sequential: 5 rows in 1 chunks of 131072
}

func ExampleTable_String() {
	fmt.Println(exampleVisits().Head(2).String())
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-06      12
	// 1  M5V   2020-01-09      30
}

func ExampleTable_HTML() {
	html := exampleZones().HTML() // what a notebook shows
	fmt.Println(len(html) > 0)
	// Output:
	// true
}
