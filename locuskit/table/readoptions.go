package table

import (
	"locuslab/locuskit/table/internal/column"
)

// Only has a reader read the named columns alone, in that order; what it leaves out costs
// little, and need not be of a kind that a table can hold.
func Only(names ...string) Option { return onlyOption(names) }

type onlyOption []string

func (c onlyOption) applyTable(s *settings) { s.read.Only = append(s.read.Only, c...) }

// Except has a reader read all columns but the named ones.
func Except(names ...string) Option { return exceptOption(names) }

type exceptOption []string

func (c exceptOption) applyTable(s *settings) { s.read.Except = append(s.read.Except, c...) }

// Kinds says what columns of a CSV or JSON file hold, by name, where the reader is not to find
// out: what is named a number is one, however it is written.
type Kinds map[string]column.Kind

func (k Kinds) applyTable(s *settings) { s.read.Kinds = k }

// Separator sets what separates the fields of a CSV file in place of the comma: ';', a
// tab or any other ASCII character but quotes, line ends, digits and letters.
type Separator byte

func (c Separator) applyTable(s *settings) { s.read.Separator = byte(c) }

// Nulls sets words that stand for a missing value in a CSV file, beside the empty field:
// Nulls("NA", "-"). A number may be one: with Nulls("-999") a field of just that text is null.
func Nulls(words ...string) Option { return nullsOption(words) }

type nullsOption []string

func (n nullsOption) applyTable(s *settings) { s.read.Nulls = append(s.read.Nulls, n...) }

// Comment has the reader of a CSV file pass over lines that begin with prefix.
type Comment string

func (c Comment) applyTable(s *settings) { s.read.Comment = string(c) }

// SkipLines has the reader of a CSV file skip that many lines.
type SkipLines int

func (n SkipLines) applyTable(s *settings) { s.read.Skip = int(n) }

// Encoding names the encoding of a CSV or JSON file, as IANA does: "ISO-8859-1",
// "windows-1252". It is UTF-8 otherwise, or UTF-16 where a byte order mark says so.
type Encoding string

func (n Encoding) applyTable(s *settings) { s.read.Encoding = string(n) }
