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
	var width [3]int
	for _, row := range table {
		for i := range width {
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range table {
		for i := range width {
			b.WriteString(row[i] + strings.Repeat(" ", width[i]-utf8.RuneCountInString(row[i])+2))
		}
		b.WriteString(row[len(width)] + "\n")
	}
	fmt.Fprint(os.Stdout, b.String())
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
