package nb

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"unicode/utf8"

	"locuslab/kernel/worker/show"
)

// widest is how many characters of a value Whos prints.
const widest = 60

// Whos prints a table of variables: name, type as the user wrote it, and pointer of each in turn.
func Whos(rows ...any) {
	table := [][]string{{"name", "type", "size", "value"}}
	for i := 0; i+2 < len(rows); i += 3 {
		v := reflect.ValueOf(rows[i+2]).Elem()
		table = append(table, []string{rows[i].(string), rows[i+1].(string), sizeOf(v), oneLine(show.Text(v.Interface()))})
	}
	fmt.Fprintln(os.Stdout, show.Align(table, func(int) bool { return false }))
}

// sizeOf is the number of elements of what has some, else the bytes of the variable.
func sizeOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			return sizeOf(v.Elem())
		}
	case reflect.Slice, reflect.Map, reflect.String, reflect.Chan, reflect.Array:
		return fmt.Sprintf("len %d", v.Len())
	}
	return fmt.Sprintf("%d B", v.Type().Size())
}

// oneLine shortens a text to one line.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > widest {
		text = string([]rune(text)[:widest-1]) + "…"
	}
	return text
}
