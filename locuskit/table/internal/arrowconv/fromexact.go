package arrowconv

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Numbers of Arrow that a table's columns do not all hold: where one would become another
// number, their column is text.

// fromUint64 returns a column of integers, or of their text where some are beyond int64.
func fromUint64(e exec.Run, name string, a *array.Uint64, valid []byte) (*column.Column, error) {
	values, out := a.Uint64Values(), large.Zeroed[int64](a.Len())
	beyond := make([]bool, exec.ChunkCount(len(out), exec.ChunkRows))
	err := e.Chunks(len(out), exec.ChunkRows, func(chunk, from, to int) {
		for i, v := range values[from:to] {
			beyond[chunk] = beyond[chunk] || v > math.MaxInt64 && (valid == nil || column.Presence(valid, from+i) != 0)
			out[from+i] = int64(v)
		}
	})
	if err != nil || !anyOf(beyond) {
		return column.OfInts(name, out, valid), err
	}
	return encodeArrow(e, name, a, func(i int) string { return strconv.FormatUint(values[i], 10) }, valid)
}

func anyOf(list []bool) bool {
	for _, v := range list {
		if v {
			return true
		}
	}
	return false
}

// fromDecimals returns a column of floats, or of the decimals' text where some are no floats that
// print back as them.
func fromDecimals(e exec.Run, name string, a arrow.Array, valid []byte) (*column.Column, error) {
	t := a.DataType().(arrow.DecimalType)
	scale, precision := t.GetScale(), int(t.GetPrecision())
	small, text := decimalsOf(a, scale)
	out := large.Zeroed[float64](a.Len())
	beyond := make([]bool, exec.ChunkCount(len(out), exec.ChunkRows))
	wrong := make([]error, len(beyond))
	err := e.Chunks(len(out), exec.ChunkRows, func(chunk, from, to int) {
		for i := from; i < to; i++ {
			if valid != nil && column.Presence(valid, i) == 0 {
				continue
			}
			digits, ok := small(i)
			if ok && scale >= 0 && scale < int32(len(powersOfTen)) && (precision >= 15 || math.Abs(float64(digits)) < powersOfTen[precision]) {
				out[i] = float64(digits) / powersOfTen[scale]
				continue
			}
			s := text(i)
			if n := digitCount(s); n > precision {
				wrong[chunk] = fmt.Errorf("column %q, row %d: %s has %d digits, and its type %s has %d: the file contradicts itself; %s", name, i+1, s, n, t, precision, column.LeaveOut(name))
				return
			}
			v, err := strconv.ParseFloat(s, 64)
			out[i] = v
			beyond[chunk] = beyond[chunk] || err != nil || strconv.FormatFloat(v, 'f', -1, 64) != shortest(s)
		}
	})
	if err = exec.FirstError(wrong, err); err != nil || !anyOf(beyond) {
		return column.OfFloats(name, out, valid), err
	}
	return encodeArrow(e, name, a, text, valid)
}

// powersOfTen are those by which a float of up to 15 digits can be divided to give the nearest
// float to a decimal.
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// decimalsOf gives the digits of a decimal as a whole number, where they are at most 15, and
// its text.
func decimalsOf(a arrow.Array, scale int32) (small func(i int) (int64, bool), text func(i int) string) {
	const most = 1e15
	within := func(v int64) (int64, bool) { return v, -most < v && v < most }
	switch a := a.(type) {
	case *array.Decimal32:
		return func(i int) (int64, bool) { return int64(a.Value(i)), true }, func(i int) string { return a.Value(i).ToString(scale) }
	case *array.Decimal64:
		return func(i int) (int64, bool) { return within(int64(a.Value(i))) }, func(i int) string { return a.Value(i).ToString(scale) }
	case *array.Decimal128:
		return func(i int) (int64, bool) {
			v := a.Value(i)
			if low := int64(v.LowBits()); v.HighBits() == low>>63 {
				return within(low)
			}
			return 0, false
		}, func(i int) string { return a.Value(i).ToString(scale) }
	}
	large := a.(*array.Decimal256)
	return func(int) (int64, bool) { return 0, false }, func(i int) string { return large.Value(i).ToString(scale) }
}

// digitCount returns how many digits a decimal's text has, zeros before the first other one left out.
func digitCount(s string) int {
	s = strings.TrimLeft(strings.Replace(strings.TrimPrefix(s, "-"), ".", "", 1), "0")
	return len(s)
}

// shortest returns a decimal's text without zeros at the end of its fraction.
func shortest(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// spelled returns a decimal that a float prints back, with as many digits of a fraction as its scale.
func spelled(v float64, scale int) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	_, fraction, has := strings.Cut(s, ".")
	if !has && scale > 0 {
		s += "."
	}
	return s + strings.Repeat("0", max(0, scale-len(fraction)))
}

// OneKind makes parts of a column text where some are, as numbers of type t are where not all
// of them fit.
func OneKind(e exec.Run, parts []*column.Column, t arrow.DataType) error {
	texts := 0
	for _, p := range parts {
		if p.Kind == column.String {
			texts++
		}
	}
	if texts == 0 || texts == len(parts) {
		return nil
	}
	scale := 0
	if d, ok := ValueType(t).(arrow.DecimalType); ok {
		scale = int(max(d.GetScale(), 0))
	}
	for i, p := range parts {
		if p.Kind == column.String {
			continue
		}
		b, codes := column.NewDictionaryBuilder(), make([]int32, p.N)
		b.Run = e
		err := e.Sequential().Chunks(p.N, column.SortRun, func(_, from, to int) {
			for row := from; row < to; row++ {
				switch {
				case p.Null(row):
				case p.Kind == column.Float:
					codes[row] = b.Add(spelled(p.Floats[row], scale))
				default:
					codes[row] = b.Add(p.Text(row))
				}
			}
		})
		if err != nil {
			return err
		}
		if b.Full {
			return column.ErrDictionaryFull(p.Name)
		}
		parts[i] = column.OfCodes(p.Name, codes, b.Build(), p.Valid)
		parts[i].Exact = true
	}
	return nil
}
