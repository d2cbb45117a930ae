package main

import (
	"fmt"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

func main() {
	df := dataframe.ReadCSV(strings.NewReader("Country,Age,Amount\nUS,50,112.1\nUK,32,18.5\nUS,21,3.25\nPT,64,7\n"))
	fmt.Println(df)
	fmt.Println(df.Filter(dataframe.F{Colname: "Age", Comparator: series.Greater, Comparando: 30}).Arrange(dataframe.RevSort("Amount")))
	fmt.Println(df.GroupBy("Country").Aggregation([]dataframe.AggregationType{dataframe.Aggregation_SUM, dataframe.Aggregation_MEAN}, []string{"Amount", "Age"}).Nrow())
	fmt.Println(df.Describe())
}
