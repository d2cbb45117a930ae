package table_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"locuslab/locuskit/table"
)

// inFolder calls f with a folder that is removed afterwards.
func inFolder(f func(dir string)) {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	f(dir)
}

// exampleFile writes a file for the readers' examples.
func exampleFile(dir, name, text string) (path string) {
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		panic(err)
	}
	return path
}

func ExampleReadCSV() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := exampleFile(dir, "visits.csv", "zone,visits\nM5V,12\nL0K,\n")
		visits, err := table.ReadCSV(ctx, path) // ReadCSVParallel parses its blocks on several goroutines
		if err != nil {
			panic(err)
		}
		fmt.Println(visits)
	})
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  L0K
}

func ExampleReadJSON() {
	inFolder(func(dir string) {
		path := exampleFile(dir, "visits.json", `[{"zone": "M5V", "visits": 12}, {"zone": "L0K"}]`)
		visits, err := table.ReadJSON(context.Background(), path)
		if err != nil {
			panic(err)
		}
		fmt.Println(visits)
	})
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  L0K
}

func ExampleReadParquet() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := filepath.Join(dir, "visits.parquet")
		if err := exampleVisits().SaveParquet(ctx, path); err != nil {
			panic(err)
		}
		visits, err := table.ReadParquetParallel(ctx, path, table.Only("zone", "visits")) // "day" is not read from the disk
		if err != nil {
			panic(err)
		}
		fmt.Println(visits.Head(2))
	})
	// Output:
	//    zone  visits
	// 0  M5V       12
	// 1  M5V       30
}

func ExampleReadIPC() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := filepath.Join(dir, "visits.arrow")
		if err := exampleVisits().SaveIPC(ctx, path); err != nil {
			panic(err)
		}
		visits, err := table.ReadIPC(ctx, path)
		if err != nil {
			panic(err)
		}
		fmt.Println(visits.Head(2))
	})
	// Output:
	//    zone  day         visits
	// 0  M5V   2020-01-06      12
	// 1  M5V   2020-01-09      30
}

func ExampleTable_SaveCSV() {
	inFolder(func(dir string) {
		path := filepath.Join(dir, "zones.csv")
		if err := exampleZones().SaveCSV(context.Background(), path); err != nil {
			panic(err)
		}
		text, err := os.ReadFile(path)
		fmt.Print(string(text), err)
	})
	// Output:
	// code,town
	// M5V,Toronto
	// L0K,Brechin
	// H2X,Montréal
	// <nil>
}

func ExampleTable_SaveJSON() {
	inFolder(func(dir string) {
		path := filepath.Join(dir, "zones.json")
		if err := exampleZones().SaveJSON(context.Background(), path); err != nil {
			panic(err)
		}
		text, err := os.ReadFile(path)
		fmt.Print(string(text), err)
	})
	// Output:
	// [{"code":"M5V","town":"Toronto"},
	// {"code":"L0K","town":"Brechin"},
	// {"code":"H2X","town":"Montréal"}]
	// <nil>
}

func ExampleTable_SaveParquet() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := filepath.Join(dir, "zones.parquet")
		if err := exampleZones().SaveParquet(ctx, path); err != nil {
			panic(err)
		}
		zones, err := table.ReadParquet(ctx, path)
		fmt.Println(zones.Rows(), err)
	})
	// Output:
	// 3 <nil>
}

func ExampleTable_SaveIPC() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := filepath.Join(dir, "zones.arrow")
		if err := exampleZones().SaveIPC(ctx, path); err != nil {
			panic(err)
		}
		zones, err := table.ReadIPC(ctx, path)
		fmt.Println(zones.Rows(), err)
	})
	// Output:
	// 3 <nil>
}

func ExampleTable_WriteCSV() {
	t, err := table.ParseCSV(context.Background(), strings.NewReader("zone,note\nM5V,\nL0K,\"\"\n"), "notes.csv")
	if err != nil {
		panic(err)
	}
	// A null and an empty string stay what they are.
	if err := t.WriteCSV(context.Background(), os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// zone,note
	// M5V,
	// L0K,""
}

func ExampleTable_WriteJSON() {
	if err := exampleVisits().Slice(1, 3).WriteJSON(context.Background(), os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// [{"zone":"M5V","day":"2020-01-09","visits":30},
	// {"zone":"L0K","day":"2020-01-06","visits":null}]
}

func ExampleTable_WriteParquet() {
	var text strings.Builder
	if err := exampleVisits().WriteParquet(context.Background(), &text); err != nil {
		panic(err)
	}
	fmt.Println(text.String()[:4])
	// Output:
	// PAR1
}

func ExampleTable_WriteIPC() {
	from, to := io.Pipe()
	go func() { to.CloseWithError(exampleZones().WriteIPC(context.Background(), to)) }()
	text, err := io.ReadAll(from) // any Arrow reader takes it over
	fmt.Println(len(text) > 0, err)
	// Output:
	// true <nil>
}

// exampleText reads a CSV text with options.
func exampleText(text string, opts ...table.Option) table.Table {
	t, err := table.ParseCSV(context.Background(), strings.NewReader(text), "text.csv", opts...)
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleOnly() {
	fmt.Println(exampleText("zone,day,visits\nM5V,2020-01-06,12\n", table.Only("visits", "zone")))
	// Output:
	//    visits  zone
	// 0      12  M5V
}

func ExampleExcept() {
	fmt.Println(exampleText("zone,day,visits\nM5V,2020-01-06,12\n", table.Except("day")))
	// Output:
	//    zone  visits
	// 0  M5V       12
}

func ExampleNulls() {
	t := exampleText("zone,visits\nM5V,12\nL0K,NA\nK1A,-\n", table.Nulls("NA", "-"))
	kind, err := t.Kind("visits")
	fmt.Println(t.WhereNull("visits").Rows(), kind, err)
	// Output:
	// 2 int <nil>
}

func ExampleKinds() {
	const text = "code,visits\n7,12\n8,30\n"
	fmt.Println(exampleText(text, table.Kinds{"code": table.String, "visits": table.Float}).Schema().Field(1).Type)
	// Output:
	// float64
}

func ExampleSeparator() {
	fmt.Println(exampleText("zone;share\nM5V;0,5\n", table.Separator(';')))
	// Output:
	//    zone  share
	// 0  M5V   0,5
}

func ExampleComment() {
	fmt.Println(exampleText("# counted by hand\nzone,visits\nM5V,12\n", table.Comment("#")))
	// Output:
	//    zone  visits
	// 0  M5V       12
}

func ExampleSkipLines() {
	fmt.Println(exampleText("Visits in January\n\nzone,visits\nM5V,12\n", table.SkipLines(2)))
	// Output:
	//    zone  visits
	// 0  M5V       12
}

func ExampleEncoding() {
	fmt.Println(exampleText("town\nMontr\xe9al\n", table.Encoding("ISO-8859-1")))
	// Output:
	//    town
	// 0  Montréal
}

func ExampleTable_Notes() {
	fmt.Println(exampleText("zone,visits,visits\nM5V,12,30\n").Notes())
	// Output:
	// [column 3 is the second or later one named "visits": it is "visits_1" here]
}

func ExampleNewWriter() {
	var file bytes.Buffer
	w := table.NewWriter(context.Background(), &file, table.CSV)
	for month := range 3 { // each of which may be large, and is forgotten when it is written
		part, err := table.New([]string{"month", "visits"}, []int{month + 1}, []int{100 * month})
		if err != nil {
			log.Fatal(err)
		}
		if err := w.Write(part); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Print(file.String())
	// Output:
	// month,visits
	// 1,0
	// 2,100
	// 3,200
}

// A list that arrives in parts is written as it arrives.
func ExampleWriter() {
	out := table.NewWriter(context.Background(), os.Stdout, table.CSV)
	for part := range 2 {
		t, err := table.New([]string{"part", "visits"}, []int64{int64(part), int64(part)}, []int64{5, 7})
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := out.Write(t); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := out.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// part,visits
	// 0,5
	// 0,7
	// 1,5
	// 1,7
}
