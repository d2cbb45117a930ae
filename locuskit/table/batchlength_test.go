package table_test

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table"
)

// TestColumnsLongerThanTheirBatch: Arrow makes such a batch, of which a sum would count what no row shows.
func TestColumnsLongerThanTheirBatch(t *testing.T) {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendValues([]int64{1, 2, 40}, nil)
	long := b.NewArray()
	nulls := array.NewNull(1 << 50)
	for name, c := range map[string]arrow.Array{"numbers": long, "nulls": nulls} {
		schema := arrow.NewSchema([]arrow.Field{{Name: name, Type: c.DataType(), Nullable: true}}, nil)
		got, err := table.FromRecord(array.NewRecordBatch(schema, []arrow.Array{c}, 2))
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "2 rows") {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
}
