// Package structs makes columns of the exported fields of structs, and structs of columns. It knows columns and no tables.
package structs

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// tag names a field's column; "-" leaves the field out.
const tag = "table"

// field is a field that is a column.
type field struct {
	name    string
	index   []int
	of      reflect.Type // without the pointer
	pointer bool
	kind    column.Kind
}

var timeType = reflect.TypeFor[time.Time]()

func fieldsOf[T any]() ([]field, error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct || t == timeType {
		return nil, fmt.Errorf("%v is no struct", t)
	}
	var fields []field
	var without [][]int // embedded structs that are left out
	for _, f := range reflect.VisibleFields(t) {
		tag, tagged := f.Tag.Lookup(tag)
		if slices.ContainsFunc(without, func(outer []int) bool { return len(f.Index) > len(outer) && slices.Equal(f.Index[:len(outer)], outer) }) {
			continue
		}
		if tag == "-" && f.Anonymous {
			without = append(without, f.Index)
		}
		if !f.IsExported() || tag == "-" || f.Anonymous && !tagged && embedded(f.Type) {
			continue
		}
		one := field{name: f.Name, index: f.Index, of: f.Type}
		if tagged {
			one.name = tag
		}
		if one.pointer = f.Type.Kind() == reflect.Pointer; one.pointer {
			one.of = f.Type.Elem()
		}
		switch kind := one.of.Kind(); {
		case one.of == timeType:
			one.kind = column.Timestamp
		case kind == reflect.String:
			one.kind = column.String
		case kind == reflect.Bool:
			one.kind = column.Bool
		case kind >= reflect.Int && kind <= reflect.Uint64:
			one.kind = column.Int
		case kind == reflect.Float32 || kind == reflect.Float64:
			one.kind = column.Float
		default:
			return nil, fmt.Errorf("field %s of %v is %v: leave it out by the tag `%s:\"-\"`, or make it a string, bool, number, time.Time or a pointer to one", f.Name, t, f.Type, tag)
		}
		fields = append(fields, one)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%v has no exported fields", t)
	}
	return fields, nil
}

// embedded reports whether the fields of an embedded field are as if they were the outer struct's.
func embedded(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t != timeType
}

// in returns the field of a row, and whether it is not a nil pointer.
func (f field) in(row reflect.Value) (reflect.Value, bool) {
	v, err := row.FieldByIndexErr(f.index)
	if err != nil { // by way of an embedded pointer that is nil
		return v, false
	}
	if f.pointer {
		return v.Elem(), !v.IsNil()
	}
	return v, true
}

// Columns returns a column for each field of the rows' type.
func Columns[T any](e exec.Run, rows []T) ([]*column.Column, error) {
	fields, err := fieldsOf[T]()
	if err != nil {
		return nil, err
	}
	all := reflect.ValueOf(rows)
	cols := make([]*column.Column, len(fields))
	for k, f := range fields {
		if cols[k], err = f.column(e, len(rows), func(i int) (reflect.Value, bool) { return f.in(all.Index(i)) }); err != nil {
			return nil, fmt.Errorf("field for column %q: %w", f.name, err)
		}
	}
	return cols, nil
}

func (f field) column(e exec.Run, n int, at func(i int) (reflect.Value, bool)) (*column.Column, error) {
	switch f.kind {
	case column.String:
		return column.FilledText(e, f.name, n, func(i int) (string, bool, error) {
			v, there := at(i)
			if !there {
				return "", false, nil
			}
			return v.String(), true, nil
		})
	case column.Bool:
		values, valid, err := column.Filled(e, n, func(i int) (bool, bool, error) {
			v, there := at(i)
			return there && v.Bool(), there, nil
		})
		return column.OfBools(f.name, values, valid), err
	case column.Float:
		values, valid, err := column.Filled(e, n, func(i int) (float64, bool, error) {
			v, there := at(i)
			if !there {
				return 0, false, nil
			}
			return v.Float(), true, nil
		})
		return column.OfFloats(f.name, values, valid), err
	}
	values, valid, err := column.Filled(e, n, func(i int) (whole int64, there bool, err error) {
		v, there := at(i)
		switch {
		case !there:
			return 0, false, nil
		case f.kind == column.Timestamp:
			whole, err = column.InstantOf(v.Interface().(time.Time))
		case v.CanInt():
			whole = v.Int()
		case v.Uint() > math.MaxInt64:
			err = fmt.Errorf("%d is beyond int64", v.Uint())
		default:
			whole = int64(v.Uint())
		}
		if err != nil {
			err = fmt.Errorf("row %d: %w", i+1, err)
		}
		return whole, true, err
	})
	c := column.OfInts(f.name, values, valid)
	c.Instants = f.kind == column.Timestamp
	return c, err
}

// Rows is n rows as structs, whose columns find finds by their names.
func Rows[T any](e exec.Run, n int, find func(name string) (*column.Column, error)) ([]T, error) {
	fields, err := fieldsOf[T]()
	if err != nil {
		return nil, err
	}
	cols := make([]*column.Column, len(fields))
	for k, f := range fields {
		c, err := find(f.name)
		if err != nil {
			return nil, err
		}
		if c.Holds() != f.kind && !(f.kind == column.Float && c.Holds() == column.Int) {
			return nil, fmt.Errorf("column %q holds %s values: a field of type %v does not; see Cast", f.name, c.Holds(), f.of)
		}
		cols[k] = c
	}
	rows := make([]T, n)
	all := reflect.ValueOf(rows)
	var fail column.FirstRow
	err = e.Chunks(n, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.Cancelled() != nil || fail.Before(from)) {
				return
			}
			row := all.Index(i)
			for k, f := range fields {
				if err := f.set(row, cols[k], i); err != nil {
					fail.Note(i, fmt.Errorf("column %q, row %d: %w", f.name, i+1, err))
					return
				}
			}
		}
	})
	if err := exec.FirstError([]error{err}, fail.Err); err != nil {
		return nil, err
	}
	return rows, nil
}

// set gives the field of a row the value of row i of c.
func (f field) set(row reflect.Value, c *column.Column, i int) error {
	if c.Null(i) {
		if f.pointer {
			return nil
		}
		return fmt.Errorf("it is null: make the field a *%v, or see FillNull and DropNulls", f.of)
	}
	v := row
	for _, at := range f.index {
		if v.Kind() == reflect.Pointer { // an embedded struct's
			if v.IsNil() && !v.CanSet() {
				return fmt.Errorf("the field is in an embedded %v, which nothing can be put into from outside of its package: embed the struct, or export its name", v.Type())
			}
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	if f.pointer {
		v.Set(reflect.New(f.of))
		v = v.Elem()
	}
	fits := true
	switch c.Holds() {
	case column.Timestamp:
		v.Set(reflect.ValueOf(column.Instant(c.Ints[i])))
	case column.String:
		v.SetString(c.Str(i))
	case column.Bool:
		v.SetBool(c.Bools[i])
	case column.Float:
		// float32 must hold the very value.
		x := c.Floats[i]
		v.SetFloat(x)
		fits = v.Float() == x || math.IsNaN(x)
	case column.Int:
		x := c.Ints[i]
		switch {
		case v.CanInt():
			v.SetInt(x)
			fits = v.Int() == x
		case v.CanUint():
			v.SetUint(uint64(x))
			fits = x >= 0 && v.Uint() == uint64(x)
		default:
			v.SetFloat(float64(x))
			fits = v.Float() < 1<<63 && int64(v.Float()) == x
		}
	}
	if !fits {
		return fmt.Errorf("%s is not exactly a %v", c.Text(i), f.of)
	}
	return nil
}
