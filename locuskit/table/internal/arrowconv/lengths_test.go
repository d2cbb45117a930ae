package arrowconv

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// TestLengthsThatAFileCannotHave: a long array needs bytes of the file, but where its values need none.
func TestLengthsThatAFileCannotHave(t *testing.T) {
	const long = 1 << 24
	codes := array.NewInt32Builder(memory.DefaultAllocator)
	codes.AppendValues(make([]int32, long), nil)
	numbers := codes.NewArray()
	ends := array.NewInt32Builder(memory.DefaultAllocator)
	ends.Append(long)
	dictionary := func(codes, values arrow.Array) arrow.Array {
		return array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: values.DataType()}, codes, values)
	}
	for name, c := range map[string]struct {
		column arrow.Array
		bytes  int64
		good   bool
	}{
		"numbers":                       {numbers, 4 * long, true},
		"numbers without bytes":         {numbers, 1000, false},
		"few numbers without bytes":     {array.NewSlice(numbers, 0, 1000), 0, true},
		"nulls, which need none":        {array.NewNull(long), 1000, true},
		"a run, which needs few":        {array.NewRunEndEncodedArray(ends.NewArray(), array.NewSlice(numbers, 0, 1), long, 0), 1000, true},
		"a run of too many values":      {array.NewRunEndEncodedArray(array.NewSlice(numbers, 0, 1), array.NewNull(long), 1, 0), 1000, false},
		"a dictionary of too many":      {dictionary(array.NewSlice(numbers, 0, 3), array.NewNull(long)), 1000, false},
		"a dictionary that is there":    {dictionary(array.NewSlice(numbers, 0, 3), numbers), 4 * long, true},
		"codes of which there are none": {dictionary(numbers, array.NewNull(1)), 1000, false},
	} {
		schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: c.column.DataType(), Nullable: true}}, nil)
		batch := array.NewRecordBatch(schema, []arrow.Array{c.column}, int64(c.column.Len()))
		if err := checkLengths(batch, c.bytes); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
