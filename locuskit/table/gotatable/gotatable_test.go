package gotatable_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"locuslab/locuskit/table"
	"locuslab/locuskit/table/gotatable"
)

func TestNullsComeBack(t *testing.T) {
	want, err := table.ParseCSV(t.Context(), strings.NewReader("key,number,flag\nK,1,true\n,,\nключ,-3,false\n"), "some.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, err := gotatable.Table(t.Context(), gotatable.DataFrame(t.Context(), want))
	if err != nil || got.String() != want.String() || got.Rows() != 3 {
		t.Errorf("came back as\n%v (%v)\nwant\n%v", got, err, want)
	}
}

func TestFailuresAreTold(t *testing.T) {
	failed := table.Table{}.Select("visits")
	if err := gotatable.DataFrame(t.Context(), failed).Err; !errors.Is(err, failed.Err()) {
		t.Errorf("of a failed table: %v", err)
	}
	if _, err := gotatable.Table(t.Context(), dataframe.DataFrame{Err: errors.ErrUnsupported}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("of a failed data frame: %v", err)
	}
	if _, err := gotatable.Table(t.Context(), dataframe.New(series.New([]string{"K", "\xff"}, series.String, "key"))); err == nil || !strings.Contains(err.Error(), `column "key", row 2`) {
		t.Errorf("text that is not UTF-8: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	some, err := table.New([]string{"key"}, []string{"K"})
	if err != nil {
		t.Fatal(err)
	}
	if err := gotatable.DataFrame(ended, some).Err; !errors.Is(err, context.Canceled) {
		t.Errorf("data frame after the end of its context: %v", err)
	}
	if _, err := gotatable.Table(ended, gotatable.DataFrame(t.Context(), some)); !errors.Is(err, context.Canceled) {
		t.Errorf("table after the end of its context: %v", err)
	}
}

func Example() {
	ctx := context.Background()
	cities, err := table.New([]string{"city", "visits"}, []string{"Barrie", "Orillia"}, []int{12, 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame := gotatable.DataFrame(ctx, cities)
	fmt.Println(frame.Names(), frame.Nrow())
	again, err := gotatable.Table(ctx, frame.Arrange(dataframe.Sort("visits")))
	fmt.Println(again, err)
	// Output:
	// [city visits] 2
	//    city     visits
	// 0  Orillia       7
	// 1  Barrie       12 <nil>
}
