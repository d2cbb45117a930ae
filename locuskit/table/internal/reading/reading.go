// Package reading holds the options of readers of files: which columns, of which kinds, in which form of
// text. It chooses among the columns that a file has, and gives each a name of its own. It reads nothing.
package reading

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/column"
)

// Options is what a reader needs to know beside its file.
type Options struct {
	Only, Except []string
	Kinds        map[string]column.Kind
	Encoding     string
	CSVForm
}

// CSVForm is the options of CSV files alone.
type CSVForm struct {
	Separator byte // 0: a comma
	Nulls     []string
	Comment   string
	Skip      int
}

// Binary refuses what the reader of a format cannot be told that says itself what it holds.
func (r Options) Binary(format string) error {
	if r.Kinds != nil || r.Encoding != "" {
		return fmt.Errorf("table.Kinds and table.Encoding are options of text files: %s says itself what it holds", format)
	}
	return r.NoCSV(format)
}

// NoCSV returns an error if an option is set that only CSV files have.
func (r Options) NoCSV(format string) error {
	f := r.CSVForm
	if f.Separator != 0 || f.Nulls != nil || f.Comment != "" || f.Skip != 0 {
		return fmt.Errorf("table.Separator, Nulls, Comment and SkipLines are options of CSV files: leave them out for %s", format)
	}
	return nil
}

// Given reports whether any option is set.
func (r Options) Given() bool {
	return r.Only != nil || r.Except != nil || r.Binary("") != nil
}

// CheckKinds refuses kinds that no value of a text is read as.
func (r Options) CheckKinds() error {
	for name, kind := range r.Kinds {
		switch kind {
		case column.Int, column.Float, column.String, column.Bool:
		case column.Timestamp:
			return fmt.Errorf("table.Kinds: column %q cannot be read as times: read it as table.String, which Table.Cast makes times", name)
		default:
			return fmt.Errorf("table.Kinds: there is no kind %v for column %q: use table.Int, Float, String or Bool", kind, name)
		}
	}
	return nil
}

// Choose gives the places in have of the columns that are wanted, in the order that they are
// wanted in.
func (r Options) Choose(have []string) ([]int, error) {
	if err := r.CheckKinds(); err != nil {
		return nil, err
	}
	for name := range r.Kinds {
		if err := among(name, have, "table.Kinds"); err != nil {
			return nil, err
		}
	}
	for _, name := range r.Except {
		if err := among(name, have, "table.Except"); err != nil {
			return nil, err
		}
	}
	if r.Only != nil && r.Except != nil {
		return nil, errors.New("table.Only and table.Except exclude each other: use one of them")
	}
	var places []int
	if r.Only == nil {
		for i, name := range have {
			if !slices.Contains(r.Except, name) {
				places = append(places, i)
			}
		}
		return places, nil
	}
	for i, name := range r.Only {
		if err := among(name, have, ""); err != nil {
			return nil, err
		}
		if slices.Contains(r.Only[:i], name) {
			return nil, fmt.Errorf("column %q is named twice", name)
		}
		places = append(places, slices.Index(have, name))
	}
	return places, nil
}

// Wants reports whether a column is wanted.
func (r Options) Wants(name string) bool {
	return (r.Only == nil || slices.Contains(r.Only, name)) && !slices.Contains(r.Except, name)
}

// among reports a name that is none of have, and who named it.
func among(name string, have []string, who string) error {
	if slices.Contains(have, name) {
		return nil
	}
	if who != "" {
		who = ", which " + who + " names"
	}
	return fmt.Errorf("no column %q%s: the file has %s", name, who, strings.Join(have, ", "))
}

// DistinctNames gives each column a name of its own, and says which ones it had to make up. In
// text a column without a name gets one too; elsewhere that is a name like others.
func DistinctNames(have []string, text bool) (names, notes []string) {
	taken := make(map[string]bool, len(have))
	for _, name := range have {
		taken[name] = true
	}
	seen := make(map[string]bool, len(have))
	for i, name := range have {
		nameless := name == "" && text
		if !nameless && !seen[name] {
			seen[name] = true
			names = append(names, name)
			continue
		}
		made := fmt.Sprintf("column_%d", i+1)
		for k := 1; !nameless && (k == 1 || taken[made]); k++ {
			made = name + "_" + strconv.Itoa(k)
		}
		for taken[made] {
			made += "_"
		}
		taken[made], seen[made] = true, true
		names = append(names, made)
		if nameless {
			notes = append(notes, fmt.Sprintf("column %d has no name: it is %q here", i+1, made))
		} else {
			notes = append(notes, fmt.Sprintf("column %d is the second or later one named %q: it is %q here", i+1, name, made))
		}
	}
	return names, notes
}

// Comma returns what separates fields.
func (f CSVForm) Comma() byte {
	if f.Separator == 0 {
		return ','
	}
	return f.Separator
}

// Null reports whether a value is a word for null.
func (f CSVForm) Null(value []byte) bool {
	for _, word := range f.Nulls {
		if string(value) == word {
			return true
		}
	}
	return false
}
