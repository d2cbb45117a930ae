package csv

import (
	"bytes"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/reading"

	"locuslab/locuskit/table/internal/numtext"
)

// States of a column of text beyond the kinds of columns.
const (
	unwanted column.Kind = 0
	Unknown  column.Kind = 0xfe // no value so far
	late     column.Kind = 0xff // a value did not fit: what the others are is still looked at
)

// evidence is what the values of a column of text have shown.
type evidence struct {
	Kind column.Kind // the narrowest that holds them
	long bool        // some are integers that no float holds exactly
	lost string      // a number that made them text, since it is none that prints back
}

// add takes a value, which is not null, into account.
func (v *evidence) add(value []byte) {
	v.join(EvidenceOf(value, v.Kind))
}

// EvidenceOf returns what one value shows, beside others that are of a kind.
func EvidenceOf(value []byte, beside column.Kind) evidence {
	switch beside {
	case Unknown, column.Int, column.Float:
		if v, ok := numtext.ParseInt(value); ok {
			return evidence{Kind: column.Int, long: !numtext.FitsFloat(v)}
		}
		if _, ok := numtext.ParseFloat(value); ok {
			return evidence{Kind: column.Float}
		}
		if _, ok := numtext.ReadFloat(value); ok {
			return evidence{Kind: column.String, lost: string(value)}
		}
		if beside != Unknown {
			break
		}
		fallthrough
	case column.Bool:
		if _, ok := numtext.ParseBool(value); ok {
			return evidence{Kind: column.Bool}
		}
	}
	return evidence{Kind: column.String}
}

// usual reports whether a value is one of those numbers, by far the most, that tell nothing new of
// a column of numbers: a float, or an integer that floats hold.
func (v *evidence) usual(value []byte) bool {
	if _, ok := numtext.ParseDecimal(value); !ok {
		return false
	}
	point := bytes.IndexByte(value, '.') >= 0
	return v.Kind == column.Float && (point || len(value) <= 15) || v.Kind == column.Int && !point && value[0] != '-' && len(value) <= 15
}

// join takes other values into account: numbers are floats where some are, unless that would
// make two of them equal, and what does not go together is text.
func (v *evidence) join(w evidence) {
	v.long = v.long || w.long
	if v.lost == "" {
		v.lost = w.lost
	}
	switch {
	case v.Kind == w.Kind || w.Kind == Unknown:
	case v.Kind == Unknown:
		v.Kind = w.Kind
	case v.Kind == column.Int && w.Kind == column.Float, v.Kind == column.Float && w.Kind == column.Int:
		v.Kind = column.Float
	default:
		v.Kind = column.String
	}
	if v.Kind == column.Float && v.long {
		v.Kind, v.lost = column.String, "one of its whole numbers"
	}
}

// look returns the evidence of a block for each of so many columns.
func look(f reading.CSVForm, text []byte, columns int) []evidence {
	found := make([]evidence, columns)
	for i := range found {
		found[i].Kind = Unknown
	}
	comma := f.Comma()
	col := 0
	for i := 0; i < len(text); {
		end, value, _ := csvtext.Field(text, i, comma)
		if col < columns && len(value) > 0 && found[col].Kind != column.String && !f.Null(value) && !found[col].usual(value) {
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
