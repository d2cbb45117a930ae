package spark

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"locuslab/locuskit/table"
)

// TestOnlyWhatWasAskedForIsTaken: a server of another version that sends a figure in another type is not believed.
func TestOnlyWhatWasAskedForIsTaken(t *testing.T) {
	right := map[table.Kind]arrow.DataType{
		table.Int: arrow.PrimitiveTypes.Int64, table.Float: arrow.PrimitiveTypes.Float64, table.String: arrow.BinaryTypes.String, table.Bool: arrow.FixedWidthTypes.Boolean,
	}
	types := []arrow.DataType{arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Float32, arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Timestamp_us,
		&arrow.Decimal128Type{Precision: 20}, arrow.BinaryTypes.Binary, arrow.ListOf(arrow.BinaryTypes.String), arrow.Null}
	for _, of := range right {
		types = append(types, of)
	}
	for kind, want := range right {
		for _, got := range types {
			err := sentAs("price", kind, got)
			if (err == nil) != arrow.TypeEqual(got, want) {
				t.Errorf("%v for %v: %v", got, kind, err)
			}
			if err != nil && (!strings.Contains(err.Error(), `"price"`) || !strings.Contains(err.Error(), got.String())) {
				t.Errorf("%q names neither column nor type", err)
			}
		}
	}
}
