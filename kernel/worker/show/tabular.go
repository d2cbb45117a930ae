package show

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// tableOf is the table that a value is: a slice of structs, of maps or of slices, or a
// map. Nil for a value that is none.
func tableOf(v reflect.Value) *table {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 {
			return nil
		}
		elem := v.Type().Elem()
		if elem.Kind() == reflect.Interface {
			elem = commonType(v)
		}
		switch {
		case elem == nil:
		case isRecord(elem):
			return records(v, elem)
		case elem.Kind() == reflect.Map && !typeSpeaks(elem):
			return mapRows(v)
		case (elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array) && isPlain(elem.Elem()) && elem.Elem().Kind() != reflect.Uint8 && !typeSpeaks(elem):
			return grid(v, elem)
		}
	case reflect.Map:
		if v.Len() > 0 {
			return pairs(v)
		}
	}
	return nil
}

// commonType is the type that the elements of a slice of interfaces share; nil for none.
func commonType(v reflect.Value) (t reflect.Type) {
	for _, i := range ends(v.Len(), mostRows, endRows) {
		if i < 0 {
			continue
		}
		e := v.Index(i).Elem()
		if !e.IsValid() || t != nil && e.Type() != t {
			return nil
		}
		t = e.Type()
	}
	return t
}

// isRecord reports whether values of a type, or what they point to, are structs whose
// fields make columns.
func isRecord(t reflect.Type) bool {
	if typeSpeaks(t) {
		return false
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t.NumField() > 0 && t != reflect.TypeFor[time.Time]() && !typeSpeaks(t)
}

func typeSpeaks(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[error]()) || t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[fmt.Formatter]())
}

// isPlain reports whether values of a type are short.
func isPlain(t reflect.Type) bool {
	return isNumber(t) || t.Kind() == reflect.Bool || t.Kind() == reflect.String
}

// fieldColumns begins a table whose columns are the fields of a struct.
func fieldColumns(t reflect.Type) (*table, []int) {
	tab := &table{width: t.NumField()}
	fields := ends(t.NumField(), mostColumns, endColumns)
	for _, f := range fields {
		if f < 0 {
			tab.column("…", false)
			continue
		}
		field := t.Field(f)
		tab.column(field.Name, isNumber(field.Type) && !typeSpeaks(field.Type))
	}
	return tab, fields
}

func (t *table) column(name string, right bool) {
	t.columns, t.right = append(t.columns, legible(name)), append(t.right, right)
}

// cellsOf are the chosen fields of a struct, or of what v points to.
func cellsOf(v reflect.Value, fields []int) (cells []string) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return []string{"<nil>"}
		}
		v = v.Elem()
	}
	for _, f := range fields {
		if f < 0 {
			cells = append(cells, "…")
			continue
		}
		cells = append(cells, cellText(v.Field(f)))
	}
	return cells
}

func records(v reflect.Value, elem reflect.Type) *table {
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	t, fields := fieldColumns(elem)
	t.eachRow(v.Len(), func(i int) []string { return cellsOf(v.Index(i), fields) })
	return t
}

// eachRow adds the rows that are shown of n, called by their index.
func (t *table) eachRow(n int, cells func(i int) []string) {
	t.height = n
	for _, i := range ends(n, mostRows, endRows) {
		if i < 0 {
			t.addGap()
			continue
		}
		t.add(strconv.Itoa(i), cells(i))
	}
}

// mapRows is a slice of maps: the keys of those that are shown are its columns.
func mapRows(v reflect.Value) *table {
	type column struct {
		key   reflect.Value
		right bool
	}
	columns := map[string]*column{}
	rows := map[int]map[string]string{}
	for _, i := range ends(v.Len(), mostRows, endRows) {
		if i < 0 {
			continue
		}
		m := v.Index(i)
		if m.Kind() == reflect.Interface {
			m = m.Elem()
		}
		list, _ := smallest(m, maxInner)
		rows[i] = map[string]string{}
		for _, e := range list {
			name := cellText(e.key)
			rows[i][name] = cellText(e.value)
			value := e.value
			if value.Kind() == reflect.Interface {
				value = value.Elem()
			}
			number := value.IsValid() && isNumber(value.Type()) && !typeSpeaks(value.Type())
			if c := columns[name]; c == nil {
				columns[name] = &column{e.key, number}
			} else {
				c.right = c.right && number
			}
		}
	}
	if len(columns) == 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(columns), func(a, b string) int { return compare(columns[a].key, columns[b].key) })
	t := &table{width: len(names)}
	shown := ends(len(names), mostColumns, endColumns)
	for _, j := range shown {
		if j < 0 {
			t.column("…", false)
			continue
		}
		t.column(names[j], columns[names[j]].right)
	}
	t.eachRow(v.Len(), func(i int) (cells []string) {
		for _, j := range shown {
			if j < 0 {
				cells = append(cells, "…")
				continue
			}
			cells = append(cells, rows[i][names[j]])
		}
		return cells
	})
	return t
}

// grid is a slice of slices.
func grid(v reflect.Value, elem reflect.Type) *table {
	width := 0
	for _, i := range ends(v.Len(), mostRows, endRows) {
		if i >= 0 {
			width = max(width, inner(v.Index(i)).Len())
		}
	}
	return numbered(v.Len(), width, isNumber(elem.Elem()), func(i, j int) string {
		if row := inner(v.Index(i)); j < row.Len() {
			return cellText(row.Index(j))
		}
		return ""
	})
}

func inner(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// numbered is a table of rows and columns that have numbers for names.
func numbered(rows, columns int, right bool, at func(i, j int) string) *table {
	t := &table{width: columns}
	shown := ends(columns, mostColumns, endColumns)
	for _, j := range shown {
		if j < 0 {
			t.column("…", false)
			continue
		}
		t.column(strconv.Itoa(j), right)
	}
	t.eachRow(rows, func(i int) (cells []string) {
		for _, j := range shown {
			if j < 0 {
				cells = append(cells, "…")
				continue
			}
			cells = append(cells, at(i, j))
		}
		return cells
	})
	return t
}

// pairs is a map, with a column, or one for each field of its values.
func pairs(v reflect.Value) *table {
	elem := v.Type().Elem()
	t, fields := (*table)(nil), []int(nil)
	if isRecord(elem) {
		if elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
		t, fields = fieldColumns(elem)
	} else {
		t = &table{width: 1}
		t.column("value", isNumber(elem) && !typeSpeaks(elem))
	}
	t.height, t.entries = v.Len(), true
	most := mostRows
	if v.Len() > mostRows {
		most = mostRows / 3
	}
	list, whole := smallest(v, most)
	for _, e := range list {
		if fields != nil {
			t.add(cellText(e.key), cellsOf(e.value, fields))
		} else {
			t.add(cellText(e.key), []string{cellText(e.value)})
		}
	}
	if v.Len() > len(list) {
		t.addGap()
		if !whole {
			t.note = "not all keys were looked at: some that are left out may be smaller"
		}
	}
	return t
}
