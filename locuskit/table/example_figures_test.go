package table_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"locuslab/locuskit/progress"
	"locuslab/locuskit/table"
)

func ExampleTable_GroupBy() {
	fmt.Println(exampleVisits().GroupBy("zone").Agg(table.Sum("visits"), table.Max("visits").As("busiest")))
	// Output:
	//    zone  visits_sum  busiest
	// 0  K1A            9        9
	// 1  L0K            7        7
	// 2  M5V           42       30
}

func ExampleTable_GroupSum() {
	visits := exampleVisits()
	fmt.Println(visits.GroupSum("zone", "visits"))
	fmt.Println(visits.GroupSumParallel("zone", "visits")) // the same on several goroutines
	// Output:
	//    zone  visits
	// 0  K1A        9
	// 1  L0K        7
	// 2  M5V       42
	//    zone  visits
	// 0  K1A        9
	// 1  L0K        7
	// 2  M5V       42
}

func ExampleGroups_Agg() {
	groups := exampleVisits().GroupBy("zone")
	fmt.Println(groups.Agg(table.Count("visits"), table.Min("day"), table.NUnique("day")))
	// Output:
	//    zone  visits_count  day_min     day_nunique
	// 0  K1A              1  2020-02-03            1
	// 1  L0K              1  2020-01-06            2
	// 2  M5V              2  2020-01-06            2
}

func ExampleAggregate() {
	t, err := table.New([]string{"zone", "visits"}, []string{"M5V", "M5V", "M5V", "M5V", "L0K"}, []int{2, 4, 4, 6, 9})
	if err != nil {
		panic(err)
	}
	fmt.Println(t.GroupBy("zone").Agg(
		table.Sum("visits").As("sum"), table.Mean("visits").As("mean"), table.Count("visits").As("count"),
		table.Min("visits").As("min"), table.Max("visits").As("max"), table.NUnique("visits").As("distinct"),
	))
	fmt.Println(t.GroupBy("zone").Agg(
		table.Std("visits").As("std"), table.Median("visits").As("median"), table.Quantile("visits", 0.9).As("q90"),
	))
	// Output:
	//    zone  sum  mean  count  min  max  distinct
	// 0  L0K     9     9      1    9    9         1
	// 1  M5V    16     4      4    2    6         3
	//    zone       std  median  q90
	// 0  L0K                  9    9
	// 1  M5V   1.632993       4  5.4
}

func ExampleTable_Sum() {
	fmt.Println(exampleVisits().Sum("visits"))
	// Output:
	// 58 <nil>
}

func ExampleTable_Mean() {
	fmt.Println(exampleVisits().Mean("visits")) // of the four that were counted
	// Output:
	// 14.5 <nil>
}

func ExampleTable_Means() {
	fmt.Println(exampleVisits().Means())
	// Output:
	//    column  mean
	// 0  visits  14.5
}

func ExampleTable_Median() {
	fmt.Println(exampleVisits().Median("visits"))
	// Output:
	// 10.5 <nil>
}

func ExampleTable_Quantile() {
	fmt.Println(exampleVisits().Quantile("visits", 0.75))
	// Output:
	// 16.5 <nil>
}

func ExampleTable_Describe() {
	fmt.Println(exampleVisits().Describe())
	// Output:
	//    column  count  mean        std  min  25%   50%   75%  max
	// 0  visits      4  14.5  10.535654    7  8.5  10.5  16.5   30
}

func ExampleTable_NUnique() {
	fmt.Println(exampleVisits().NUnique("zone"))
	// Output:
	// 3 <nil>
}

func ExampleTable_Unique() {
	fmt.Println(exampleVisits().Unique("zone"))
	// Output:
	//    zone
	// 0  M5V
	// 1  L0K
	// 2  K1A
}

func ExampleTable_UniqueCounts() {
	fmt.Println(exampleVisits().UniqueCounts("zone", "day"))
	// Output:
	// map[day:4 zone:3] <nil>
}

func ExampleContext() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // a deadline, or the button of a notebook, does the same
	fmt.Println(exampleVisits().Sort("-visits").Err())
	fmt.Println(exampleVisits().Parallel(table.Context(ctx)).Sort("-visits").Err())
	// Output:
	// <nil>
	// sort by -visits: context canceled
}

func ExampleProgress() {
	report := func(r progress.Report) { fmt.Fprintln(os.Stderr, r.Done, "of", r.Total) } // only of what takes longer than a second
	fmt.Println(exampleVisits().GroupSum("zone", "visits", table.Progress(report)).Rows())
	// Output:
	// 3
}

func ExampleProgressBar() {
	visits := exampleVisits().Parallel(table.ProgressBar()) // a bar for each operation that takes longer than a second
	fmt.Println(visits.Sort("-visits").Rows())
	// Output:
	// 5
}

func ExampleWorkers() {
	visits := exampleVisits()
	fmt.Println(visits.GroupSumParallel("zone", "visits", table.Workers(2)).Rows())
	// Output:
	// 3
}

func ExampleScanCSV() {
	inFolder(func(dir string) {
		path := exampleFile(dir, "visits.csv", "zone,visits\nM5V,12\nL0K,7\nM5V,30\n")
		sums, err := table.ScanCSV(path).GroupSum(context.Background(), "zone", "visits") // whatever the size of the file
		if err != nil {
			panic(err)
		}
		fmt.Println(sums)
	})
	// Output:
	//    zone  visits
	// 0  L0K        7
	// 1  M5V       42
}

func ExampleScanParquet() {
	ctx := context.Background()
	inFolder(func(dir string) {
		path := dir + "/visits.parquet"
		if err := exampleVisits().SaveParquet(ctx, path); err != nil {
			panic(err)
		}
		sums, err := table.ScanParquet(path).GroupSumParallel(ctx, "zone", "visits")
		if err != nil {
			panic(err)
		}
		fmt.Println(sums)
	})
	// Output:
	//    zone  visits
	// 0  K1A        9
	// 1  L0K        7
	// 2  M5V       42
}

func ExampleScanPages() {
	pages := func(yield func(table.Table, error) bool) { // such as the pages of a service, asked for one by one
		for _, n := range []int{12, 30} {
			if !yield(table.New([]string{"zone", "visits"}, []string{"M5V"}, []int{n})) {
				return
			}
		}
	}
	sums, err := table.ScanPages("visits of the service", pages).GroupSum(context.Background(), "zone", "visits")
	if err != nil {
		panic(err)
	}
	fmt.Println(sums)
	// Output:
	//    zone  visits
	// 0  M5V       42
}

func ExampleScanParts() {
	month := func(ctx context.Context, i int) (table.Table, error) { // in the parallel forms several at a time
		return table.New([]string{"month", "visits"}, []string{time.Month(i + 1).String()}, []int{10 * (i + 1)})
	}
	sums, err := table.ScanParts("months", 3, month).GroupSumParallel(context.Background(), "month", "visits")
	if err != nil {
		panic(err)
	}
	fmt.Println(sums)
	// Output:
	//    month     visits
	// 0  February      20
	// 1  January       10
	// 2  March         30
}

// exampleStream returns the rows of exampleVisits in two pages.
func exampleStream() table.Stream {
	return table.ScanPages("visits", func(yield func(table.Table, error) bool) {
		_ = yield(exampleVisits().Head(2), nil) && yield(exampleVisits().Tail(3), nil)
	})
}

func ExampleStream_GroupBy() {
	days, err := exampleStream().GroupBy("zone").Agg(context.Background(), table.Min("day"), table.Max("day"))
	if err != nil {
		panic(err)
	}
	fmt.Println(days)
	// Output:
	//    zone  day_min     day_max
	// 0  K1A   2020-02-03  2020-02-03
	// 1  L0K   2020-01-06  2020-01-14
	// 2  M5V   2020-01-06  2020-01-09
}

func ExampleStream_GroupSum() {
	sums, err := exampleStream().GroupSum(context.Background(), "zone", "visits")
	if err != nil {
		panic(err)
	}
	fmt.Println(sums)
	// Output:
	//    zone  visits
	// 0  K1A        9
	// 1  L0K        7
	// 2  M5V       42
}

func ExampleStreamGroups_Agg() {
	_, err := exampleStream().GroupBy("zone").Agg(context.Background(), table.Median("visits"))
	fmt.Println(err)
	// Output:
	// group visits by zone: visits_median needs all values of a group at once: read the file into a Table for it
}

func ExampleAggregate_Spec() {
	spec, err := table.Quantile("visits", 0.9).As("busy").Spec()
	if err != nil {
		panic(err)
	}
	fmt.Println(spec.Op, spec.Column, spec.Quantile, spec.Name)
	// Output: quantile visits 0.9 busy
}
