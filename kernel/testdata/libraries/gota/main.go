package main

import (
	"fmt"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

func main() {
	df := dataframe.ReadCSV(strings.NewReader("name,visits,share\nada,12,0.5\nbob,7,1.25\nada,30,2\n"))
	fmt.Println(df.Types(), df.Nrow())
	fmt.Println(df.Describe())
	fmt.Println(df.Filter(dataframe.F{Colname: "visits", Comparator: series.Greater, Comparando: 10}).Arrange(dataframe.RevSort("visits")))
	sums := df.GroupBy("name").Aggregation([]dataframe.AggregationType{dataframe.Aggregation_SUM}, []string{"visits"})
	fmt.Println(sums.Arrange(dataframe.Sort("name")))
	other := dataframe.LoadRecords([][]string{{"name", "city"}, {"ada", "Oslo"}, {"bob", "Bern"}})
	fmt.Println(df.InnerJoin(other, "name").Select([]string{"city", "visits"}))
}
