package main

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"locuslab/kernel/notebook"
	"locuslab/locuskit/table"
)

// call is a method called on something that is called so in Go.
var call = regexp.MustCompile(`(\w*\)?)\.([A-Z]\w*)\(`)

// notTables are what else has methods or functions of the same names.
var notTables = []string{"strings", "slices", "sort", "filepath", "path", "maps", "errors", "fmt", "bytes", "t", "b", "df"}

// housekeeping are methods that ask nothing of the data.
var housekeeping = []string{"Err", "Rows", "HTML", "String", "All", "Columns", "Record", "Schema", "Parallel", "Sequential", "Explain"}

// countCalls counts how often the methods of a table are called in the lessons and
// in locuskit's own tests, by name: a parallel form counts as its method.
func countCalls(checkout string) ([]calls, error) {
	methods := map[string]bool{}
	tab := reflect.TypeFor[table.Table]()
	for i := range tab.NumMethod() {
		if name := tab.Method(i).Name; !slices.Contains(housekeeping, name) {
			methods[name] = true
		}
	}
	texts, err := texts(checkout)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, text := range texts {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			name := m[2]
			if methods[name] && !slices.Contains(notTables, m[1]) {
				counts[strings.TrimSuffix(name, "Parallel")]++
			}
		}
	}
	var list []calls
	for name, n := range counts {
		list = append(list, calls{name, n})
	}
	slices.SortFunc(list, func(a, b calls) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Method, b.Method))
	})
	return list, nil
}

// texts are the code of the lessons and of locuskit's tests.
func texts(checkout string) ([]string, error) {
	var all []string
	tests, err := filepath.Glob(filepath.Join(checkout, "locuskit", "*_test.go"))
	if err != nil {
		return nil, err
	}
	ofTables, err := filepath.Glob(filepath.Join(checkout, "locuskit", "table", "*_test.go"))
	if err != nil {
		return nil, err
	}
	tests = append(tests, ofTables...)
	for _, path := range tests {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, string(text))
	}
	lessons, err := filepath.Glob(filepath.Join(checkout, "notebooks", "*.ipynb"))
	if err != nil {
		return nil, err
	}
	for _, path := range lessons {
		nb, err := notebook.Read(path)
		if err != nil {
			return nil, err
		}
		for _, c := range nb.Cells() {
			if c.Kind() == notebook.Code {
				all = append(all, c.Source())
			}
		}
	}
	return all, nil
}
