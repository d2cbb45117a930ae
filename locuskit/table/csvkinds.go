package table

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csvtext"

	"locuslab/locuskit/table/internal/numtext"
)

// States of a column of text beyond the kinds of columns.
const (
	unwanted column.Kind = 0
	unknown  column.Kind = 0xfe // no value so far
	late     column.Kind = 0xff // a value did not fit: what the others are is still looked at
)

// evidence is what the values of a column of text have shown.
type evidence struct {
	kind column.Kind // the narrowest that holds them
	long bool        // some are integers that no float holds exactly
	lost string      // a number that made them text, since it is none that prints back
}

// add takes a value, which is not null, into account.
func (v *evidence) add(value []byte) {
	v.join(evidenceOf(value, v.kind))
}

// evidenceOf is what one value shows, beside others that are of a kind.
func evidenceOf(value []byte, beside column.Kind) evidence {
	switch beside {
	case unknown, column.Int, column.Float:
		if v, ok := numtext.ParseInt(value); ok {
			return evidence{kind: column.Int, long: !numtext.FitsFloat(v)}
		}
		if _, ok := numtext.ParseFloat(value); ok {
			return evidence{kind: column.Float}
		}
		if _, ok := numtext.ReadFloat(value); ok {
			return evidence{kind: column.String, lost: string(value)}
		}
		if beside != unknown {
			break
		}
		fallthrough
	case column.Bool:
		if _, ok := numtext.ParseBool(value); ok {
			return evidence{kind: column.Bool}
		}
	}
	return evidence{kind: column.String}
}

// join takes other values into account: numbers are floats where some are, unless that would
// make two of them equal, and what does not go together is text.
func (v *evidence) join(w evidence) {
	v.long = v.long || w.long
	if v.lost == "" {
		v.lost = w.lost
	}
	switch {
	case v.kind == w.kind || w.kind == unknown:
	case v.kind == unknown:
		v.kind = w.kind
	case v.kind == column.Int && w.kind == column.Float, v.kind == column.Float && w.kind == column.Int:
		v.kind = column.Float
	default:
		v.kind = column.String
	}
	if v.kind == column.Float && v.long {
		v.kind, v.lost = column.String, "one of its whole numbers"
	}
}

// look is the evidence of a block for each of so many columns.
func (f csvForm) look(text []byte, columns int) []evidence {
	found := make([]evidence, columns)
	for i := range found {
		found[i].kind = unknown
	}
	comma := f.comma()
	col := 0
	for i := 0; i < len(text); {
		end, value, _ := csvtext.Field(text, i, comma)
		if col < columns && len(value) > 0 && found[col].kind != column.String && !f.null(value) {
			found[col].add(value)
		}
		col++
		if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
			end++
		}
		if text[end] == '\n' {
			col = 0
		}
		i = end + 1
	}
	return found
}

// null reports whether a value is a word for null.
func (f csvForm) null(value []byte) bool {
	for _, word := range f.nulls {
		if string(value) == word {
			return true
		}
	}
	return false
}
