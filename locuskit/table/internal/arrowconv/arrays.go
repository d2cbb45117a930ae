package arrowconv

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// FromArray returns a column of an Arrow array.
func FromArray(e exec.Run, name string, a arrow.Array) (c *column.Column, err error) {
	// An array that says less than the truth of itself makes Arrow panic.
	defer func() {
		if r := recover(); r != nil {
			c, err = nil, fmt.Errorf("column %q is damaged, or of a form that is not known here: %v", name, r)
		}
	}()
	c, err = fromArrowValues(e, name, a)
	if err == nil {
		err = c.CheckText(e)
	}
	return c, err
}

func fromArrowValues(e exec.Run, name string, a arrow.Array) (*column.Column, error) {
	valid, err := arrowValidity(name, a)
	if err != nil {
		return nil, err
	}
	switch a := a.(type) {
	case *array.Int64:
		return column.OfInts(name, a.Int64Values(), valid), e.Cancelled()
	case *array.Float64:
		return column.OfFloats(name, a.Float64Values(), valid), e.Cancelled()
	case *array.Int32:
		return widen(e, name, a.Int32Values(), valid)
	case *array.Int16:
		return widen(e, name, a.Int16Values(), valid)
	case *array.Int8:
		return widen(e, name, a.Int8Values(), valid)
	case *array.Uint32:
		return widen(e, name, a.Uint32Values(), valid)
	case *array.Uint16:
		return widen(e, name, a.Uint16Values(), valid)
	case *array.Uint8:
		return widen(e, name, a.Uint8Values(), valid)
	case *array.Uint64:
		return fromUint64(e, name, a, valid)
	case *array.Float32:
		values, out := a.Float32Values(), large.Zeroed[float64](a.Len())
		return column.OfFloats(name, out, valid), e.Chunks(len(out), exec.ChunkRows, func(_, from, to int) {
			for i, v := range values[from:to] {
				out[from+i] = float64(v)
			}
		})
	case *array.Float16:
		out := large.Zeroed[float64](a.Len())
		return column.OfFloats(name, out, valid), e.Chunks(len(out), exec.ChunkRows, func(_, from, to int) {
			for i := from; i < to; i++ {
				out[i] = halfValue(a.Value(i))
			}
		})
	case *array.Decimal32, *array.Decimal64, *array.Decimal128, *array.Decimal256:
		return fromDecimals(e, name, a, valid)
	case *array.Boolean:
		out := large.Zeroed[bool](a.Len())
		return column.OfBools(name, out, valid), e.Chunks(len(out), exec.ChunkRows, func(_, from, to int) {
			for i := from; i < to; i++ {
				out[i] = a.Value(i)
			}
		})
	case *array.Dictionary:
		return fromArrowDictionary(e, name, a, valid)
	case *array.RunEndEncoded:
		return fromArrowRuns(e, name, a)
	case array.ExtensionArray:
		if !isUUID(a.ExtensionType()) {
			return fromArrowValues(e, name, a.Storage())
		}
	}
	if times, ok := timesOf(a); ok {
		return fromTimes(e, name, a, times, valid)
	}
	text, err := arrowText(a)
	if err != nil {
		return nil, fmt.Errorf("column %q %w: %s", name, err, column.LeaveOut(name))
	}
	return encodeArrow(e, name, a, text, valid)
}

func widen[T int8 | int16 | int32 | uint8 | uint16 | uint32](e exec.Run, name string, v []T, valid []byte) (*column.Column, error) {
	out := large.Zeroed[int64](len(v))
	return column.OfInts(name, out, valid), e.Chunks(len(v), exec.ChunkRows, func(_, from, to int) {
		for i, x := range v[from:to] {
			out[from+i] = int64(x)
		}
	})
}

// arrowValidity returns the validity bitmap of a, from bit 0; nil without nulls. An array tells beside it how many nulls it has:
// where the two contradict each other, values would be taken for nulls, or nulls for values.
func arrowValidity(name string, a arrow.Array) ([]byte, error) {
	nulls := a.NullN()
	switch {
	case a.DataType().ID() == arrow.NULL:
		return column.NewBitmap(a.Len()), nil // which has no bitmap of its own
	case nulls == 0:
		return nil, nil
	}
	valid, have := column.NewBitmap(a.Len()), 0
	if len(a.NullBitmapBytes()) > 0 {
		bitutil.CopyBitmap(a.NullBitmapBytes(), a.Data().Offset(), a.Len(), valid, 0)
		have = a.Len() - column.CountBits(valid, a.Len())
	}
	if have != nulls {
		return nil, fmt.Errorf("column %q is damaged: it tells of %d nulls, and marks %d of %d values: %s", name, nulls, have, a.Len(), column.LeaveOut(name))
	}
	return valid, nil
}

// arrowText returns how to have the text of the values of a that are not null.
func arrowText(a arrow.Array) (func(i int) string, error) {
	switch a := a.(type) {
	case *array.String:
		return a.Value, nil
	case *array.LargeString:
		return a.Value, nil
	case *array.StringView:
		return a.Value, nil
	case *array.Binary:
		return func(i int) string { return column.AsString(a.Value(i)) }, nil
	case *array.LargeBinary:
		return func(i int) string { return column.AsString(a.Value(i)) }, nil
	case *array.BinaryView:
		return func(i int) string { return column.AsString(a.Value(i)) }, nil
	case *array.Duration, array.ExtensionArray:
		return a.ValueStr, nil
	case *array.Null:
		return nil, nil
	}
	return nil, fmt.Errorf("is of Arrow type %s, which no column of a table is", a.DataType())
}

// encodeArrow returns a column of strings.
func encodeArrow(e exec.Run, name string, a arrow.Array, text func(i int) string, valid []byte) (*column.Column, error) {
	b := column.NewDictionaryBuilder()
	b.Run = e
	codes := large.Zeroed[int32](a.Len())
	err := e.Sequential().Chunks(len(codes), column.SortRun, func(_, from, to int) {
		for i := from; i < to; i++ {
			if valid == nil || column.Presence(valid, i) != 0 {
				codes[i] = b.Add(text(i))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if b.Full {
		return nil, column.ErrDictionaryFull(name)
	}
	c := column.OfCodes(name, codes, b.Build(), valid)
	c.Exact = true
	return c, nil
}

// fromArrowRuns returns a column of runs of equal values.
func fromArrowRuns(e exec.Run, name string, a *array.RunEndEncoded) (*column.Column, error) {
	values, err := fromArrowValues(e, name, a.LogicalValuesArray())
	if err != nil {
		return nil, err
	}
	ends, err := fromArrowValues(e, name, a.LogicalRunEndsArray(memory.DefaultAllocator))
	if err != nil {
		return nil, err
	}
	rows, at := large.Zeroed[uint32](a.Len()), 0
	for run, end := range ends.Ints {
		if err := e.Cancelled(); err != nil {
			return nil, err
		}
		for ; at < min(int(end), len(rows)); at++ {
			rows[at] = uint32(run)
		}
	}
	return values.Take(e, rows)
}

// fromArrowDictionary takes over codes; the dictionary's values are made
// distinct, which Arrow does not promise.
func fromArrowDictionary(e exec.Run, name string, a *array.Dictionary, valid []byte) (*column.Column, error) {
	values, err := fromArrowValues(e, name, a.Dictionary())
	if err != nil {
		return nil, err
	}
	if values.Kind != column.String {
		rows := large.Zeroed[uint32](a.Len())
		err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
			for i := from; i < to; i++ {
				rows[i] = column.Missing
				if a.IsValid(i) {
					rows[i] = uint32(a.GetValueIndex(i))
				}
			}
		})
		if err != nil {
			return nil, err
		}
		return column.TakeOrNull(e, values, rows, valid != nil)
	}
	codes := large.Zeroed[int32](a.Len())
	if values.Valid != nil && valid == nil { // a null may stand in the dictionary
		valid = column.FullBitmap(len(codes))
	}
	at, plain := a.Indices().(*array.Int32)
	err = e.Chunks(len(codes), exec.ChunkRows, func(_, from, to int) { // chunks begin at whole bytes of valid
		if plain && values.Valid == nil {
			for i, p := range at.Int32Values()[from:to] {
				if valid == nil || column.Presence(valid, from+i) != 0 {
					codes[from+i] = values.Codes[p]
				}
			}
			return
		}
		for i := from; i < to; i++ {
			if a.IsNull(i) { // where Arrow leaves the place undefined
				continue
			}
			p := a.GetValueIndex(i)
			if values.Null(p) {
				column.ClearBit(valid, i)
				continue
			}
			codes[i] = values.Codes[p]
		}
	})
	return column.OfCodes(name, codes, values.Dict, valid), err
}

// ValueType returns the type of a column's values, which a dictionary may hold, or an extension type's storage.
func ValueType(t arrow.DataType) arrow.DataType {
	switch d := t.(type) {
	case *arrow.DictionaryType:
		return ValueType(d.ValueType)
	case arrow.ExtensionType:
		if !isUUID(d) {
			return ValueType(d.StorageType())
		}
	}
	return t
}

// isUUID reports whether a type is of identifiers, which have a text of their own.
func isUUID(t arrow.ExtensionType) bool { return t.ExtensionName() == "arrow.uuid" }
