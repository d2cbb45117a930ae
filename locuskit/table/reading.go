package table

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/column"
)

// reading is what a reader is told beyond where its file is.
type reading struct {
	only, except []string
	kinds        Kinds
	encoding     string
	csvForm
}

// csvForm is what only text files with separators can be told.
type csvForm struct {
	separator byte // 0: a comma
	nulls     []string
	comment   string
	skip      int
}

// Only has a reader read the named columns alone, in that order; what it leaves out costs
// little, and need not be of a kind that a table can hold.
func Only(names ...string) Option { return onlyOption(names) }

type onlyOption []string

func (c onlyOption) applyTable(s *settings) { s.read.only = append(s.read.only, c...) }

// Except has a reader read all columns but the named ones.
func Except(names ...string) Option { return exceptOption(names) }

type exceptOption []string

func (c exceptOption) applyTable(s *settings) { s.read.except = append(s.read.except, c...) }

// Kinds says what columns of a CSV or JSON file hold, by name, where the reader is not to find
// out: what is named a number is one, however it is written.
type Kinds map[string]column.Kind

func (k Kinds) applyTable(s *settings) { s.read.kinds = k }

// Separator sets what separates the fields of a CSV file in place of the comma: ';', a
// tab or any other ASCII character but quotes, line ends, digits and letters.
type Separator byte

func (c Separator) applyTable(s *settings) { s.read.separator = byte(c) }

// Nulls sets words that stand for a missing value in a CSV file, beside the empty field:
// Nulls("NA", "-").
func Nulls(words ...string) Option { return nullsOption(words) }

type nullsOption []string

func (n nullsOption) applyTable(s *settings) { s.read.nulls = append(s.read.nulls, n...) }

// Comment has the reader of a CSV file pass over lines that begin with prefix.
type Comment string

func (c Comment) applyTable(s *settings) { s.read.comment = string(c) }

// SkipLines has the reader of a CSV file begin behind so many lines.
type SkipLines int

func (n SkipLines) applyTable(s *settings) { s.read.skip = int(n) }

// Encoding names the encoding of a CSV or JSON file, as IANA does: "ISO-8859-1",
// "windows-1252". It is UTF-8 otherwise, or UTF-16 where a byte order mark says so.
type Encoding string

func (n Encoding) applyTable(s *settings) { s.read.encoding = string(n) }

// binary refuses what the reader of a format cannot be told that says itself what it holds.
func (r reading) binary(format string) error {
	if r.kinds != nil || r.encoding != "" {
		return fmt.Errorf("Kinds and Encoding are options of text files: %s says itself what it holds", format)
	}
	return r.noCSV(format)
}

func (r reading) noCSV(format string) error {
	f := r.csvForm
	if f.separator != 0 || f.nulls != nil || f.comment != "" || f.skip != 0 {
		return fmt.Errorf("Separator, Nulls, Comment and SkipLines are options of CSV files: leave them out for %s", format)
	}
	return nil
}

// given tells whether anything was told.
func (r reading) given() bool {
	return r.only != nil || r.except != nil || r.binary("") != nil
}

// choose gives the places in have of the columns that are wanted, in the order that they are
// wanted in.
func (r reading) choose(have []string) ([]int, error) {
	for name := range r.kinds {
		if err := among(name, have, "table.Kinds"); err != nil {
			return nil, err
		}
	}
	for _, name := range r.except {
		if err := among(name, have, "table.Except"); err != nil {
			return nil, err
		}
	}
	if r.only != nil && r.except != nil {
		return nil, errors.New("table.Only and table.Except exclude each other: use one of them")
	}
	var places []int
	if r.only == nil {
		for i, name := range have {
			if !slices.Contains(r.except, name) {
				places = append(places, i)
			}
		}
		return places, nil
	}
	for i, name := range r.only {
		if err := among(name, have, ""); err != nil {
			return nil, err
		}
		if slices.Contains(r.only[:i], name) {
			return nil, fmt.Errorf("column %q is named twice", name)
		}
		places = append(places, slices.Index(have, name))
	}
	return places, nil
}

// wants tells whether a column is wanted.
func (r reading) wants(name string) bool {
	return (r.only == nil || slices.Contains(r.only, name)) && !slices.Contains(r.except, name)
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

// distinctNames gives each column a name of its own, and says which ones it had to make up. In
// text a column without a name gets one too; elsewhere that is a name like others.
func distinctNames(have []string, text bool) (names, notes []string) {
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
