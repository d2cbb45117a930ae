package table_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"locuslab/locuskit/table"
)

func ExampleNew() {
	visits, err := table.New(
		[]string{"zone", "visits", "share", "open", "since"},
		[]string{"M5V", "L0K"}, []int{12, 7}, []float64{0.5, 0.25}, []bool{true, false},
		[]time.Time{time.Date(2020, 1, 6, 8, 0, 0, 0, time.UTC), time.Date(2020, 1, 7, 9, 30, 0, 0, time.UTC)})
	if err != nil {
		panic(err)
	}
	fmt.Println(visits)
	// Output:
	//    zone  visits  share  open   since
	// 0  M5V       12    0.5  true   2020-01-06T08:00:00+00:00
	// 1  L0K        7   0.25  false  2020-01-07T09:30:00+00:00
}

func ExampleBuilder() {
	b := table.NewBuilder()
	zones, visits, shares, open := b.Strings("zone"), b.Ints("visits"), b.Floats("share"), b.Bools("open")

	zones.Append("M5V")
	visits.Append(12)
	shares.Append(0.5)
	open.Append(true)

	zones.Append("L0K")
	visits.AppendNull() // not counted
	shares.Append(0.25)
	open.Append(false)

	t, err := b.Table()
	if err != nil {
		panic(err)
	}
	fmt.Println(t)
	// Output:
	//    zone  visits  share  open
	// 0  M5V       12    0.5  true
	// 1  L0K            0.25  false
}

func ExampleAppender() {
	b := table.NewBuilder()
	visits := b.Ints("visits")
	for _, text := range []string{"12", "-", "30"} {
		var n int64
		if _, err := fmt.Sscan(text, &n); err != nil {
			visits.AppendNull()
			continue
		}
		visits.Append(n)
	}
	t, err := b.Table()
	if err != nil {
		panic(err)
	}
	sum, err := t.Sum("visits")
	fmt.Println(t.Rows(), "rows, sum", sum, err)
	// Output:
	// 3 rows, sum 42 <nil>
}

func ExampleFromRecord() {
	batch, err := exampleVisits().Record() // any record batch of Arrow's Go library will do
	if err != nil {
		panic(err)
	}
	defer batch.Release()
	t, err := table.FromRecord(batch, table.Only("zone", "visits"))
	if err != nil {
		panic(err)
	}
	fmt.Println(t.Head(2))
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  M5V       30
}

func ExampleTable_Record() {
	batch, err := exampleVisits().Record()
	if err != nil {
		panic(err)
	}
	defer batch.Release()
	fmt.Println(batch.NumRows(), batch.ColumnName(2), batch.Column(2))
	// Output:
	// 5 visits [12 30 (null) 7 9]
}

func ExampleTable_Schema() {
	for _, field := range exampleVisits().Schema().Fields() {
		fmt.Println(field.Name, field.Type)
	}
	// Output:
	// zone dictionary<values=utf8, indices=int32, ordered=false>
	// day dictionary<values=utf8, indices=int32, ordered=false>
	// visits int64
}

func ExampleConcat() {
	visits := exampleVisits()
	t, err := table.Concat(visits.Head(1), visits.Tail(1))
	if err != nil {
		panic(err)
	}
	fmt.Println(t)

	_, err = table.Concat(visits, exampleZones())
	fmt.Println(err)
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-06      12
	// 1  K1A   2020-02-03       9
	// concat: table 2 has 2 columns and the first 3
}

func ExampleParseCSV() {
	text := strings.NewReader("zip,visits\n02116,12\n10001,30\n")
	t, err := table.ParseCSV(context.Background(), text, "visits.csv")
	if err != nil {
		panic(err)
	}
	fmt.Println(t) // 02116 would not print back as it is written if it were a number
	// Output:
	//    zip    visits
	// 0  02116      12
	// 1  10001      30
	// column "zip" is text: as a number, 02116 would not be the same
}

func ExampleParseJSON() {
	text := strings.NewReader(`{"zone": "M5V", "visits": 12}
{"zone": "L0K", "tags": ["new", "open"]}
`)
	t, err := table.ParseJSON(context.Background(), text, "visits.jsonl")
	if err != nil {
		panic(err)
	}
	fmt.Println(t)
	// Output:
	//    zone  visits  tags
	// 0  M5V       12
	// 1  L0K           ["new", "open"]
}
