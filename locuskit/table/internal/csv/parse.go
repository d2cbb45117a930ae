package csv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/numtext"
)

// parse reads the records of a block into columns and says how many there
// were. The common cases, unquoted and well formed, are handled in place; any
// other field goes through parseField.
func parse(text []byte, comma byte, cols []*Values) (rows int, err error) {
	defer func() {
		for _, c := range cols {
			c.lookUp(text)
		}
	}()
	padded := text[:len(text)+8]
	last := len(cols) - 1
	sep := uint64(comma) * lowBytes
	plain := comma == ','
	for i := 0; i < len(text); {
		if first := text[i]; (first == '\n' || first == '\r' && text[i+1] == '\n') && last > 0 { // a blank line is a null where there is one column
			if first == '\r' {
				i++
			}
			i++
			continue
		}
		for k, c := range cols {
			at := i
			switch c.Kind {
			case column.Int:
				if i = c.integer(padded, at); i >= 0 && c.numberNulls && c.form.Null(padded[at:i]) {
					c.takeBack()
					i = -1
				}
			case column.String:
				word := binary.LittleEndian.Uint64(padded[i:])
				from := at
				if byte(word) == '"' {
					if i = quotedEnd(padded, at); padded[i] != '"' || !csvtext.EndsField(padded, i+1, comma) {
						i = -1
						break
					}
					from++
					word = binary.LittleEndian.Uint64(padded[from:])
				} else {
					if i += firstBelow(word); !plain || !ended(padded[i]) {
						i = fieldEnd(padded, at, sep)
					}
					if i == at {
						i = -1
						break
					}
				}
				c.waiting = append(c.waiting, waitingString{word, int32(from), int32(i - from)})
				if from > at {
					i++ // behind the quote
				}
				if c.N++; len(c.waiting) == stringBatch {
					c.lookUp(text)
				}
			case column.Float:
				if i += firstBelow(binary.LittleEndian.Uint64(padded[i:])); !plain || !ended(padded[i]) {
					i = fieldEnd(padded, at, sep)
				}
				v, ok := numtext.ParseDecimal(padded[at:i])
				if !ok || c.numberNulls && c.form.Null(padded[at:i]) {
					i = -1
					break
				}
				c.Floats = append(c.Floats, v)
				c.N++
			case unwanted:
				if i += firstBelow(binary.LittleEndian.Uint64(padded[i:])); !plain || !ended(padded[i]) {
					i = fieldEnd(padded, at, sep)
				}
				if padded[at] == '"' {
					i = -1
				}
			default:
				i = -1
			}
			want := comma
			if k == last {
				want = '\n'
			}
			if i >= 0 && padded[i] == want {
				i++
				continue
			}
			if i < 0 || !csvtext.EndsField(padded, i, comma) {
				if i >= 0 {
					c.takeBack()
				}
				c.lookUp(text)
				if i, err = c.parseField(padded, at, comma, k, rows); err != nil {
					return rows, err
				}
			}
			if text[i] == '\r' && text[i+1] == '\n' {
				i++
			}
			if text[i] != want {
				return rows, ragged(text, at, comma, k, rows, len(cols))
			}
			i++
		}
		rows++
	}
	return rows, nil
}

// null reports whether a field is a word for null: in a column of numbers also with the spaces that numbers may have.
func (c *Values) null(value []byte) bool {
	return c.form.Null(value) || c.numberNulls && (c.Kind == column.Int || c.Kind == column.Float) && c.form.Null(numtext.Trim(value))
}

// integer reads the digits at i, appends their value and says where they end; -1 where
// there are none, or too many.
func (c *Values) integer(padded []byte, i int) int {
	negative := padded[i] == '-'
	if negative {
		i++
	}
	word := binary.LittleEndian.Uint64(padded[i:]) ^ '0'*lowBytes // digits become 0 to 9
	var v uint64
	if other := (word + 0x76*lowBytes | word) & highBytes; other != 0 { // bits above the first mean nothing
		n := bits.TrailingZeros64(other) / 8
		if n == 0 || byte(word) == 0 && (n > 1 || negative) { // 02116 and -0 are no integers
			return -1
		}
		v = numtext.EightDigits(word << (64 - 8*n))
		i += n
	} else {
		v = numtext.EightDigits(word)
		i += 8
		start := i
		for d := padded[i] - '0'; d <= 9; d = padded[i] - '0' {
			v = v*10 + uint64(d)
			i++
		}
		if i-start > 10 || byte(word) == 0 { // beyond 18 digits, or 02116…: by the book
			return -1
		}
		if i-start > 7 && !c.Long {
			c.Long = !numtext.FitsFloat(int64(v))
		}
	}
	if negative {
		v = -v
	}
	c.Ints = append(c.Ints, int64(v))
	c.N++
	return i
}

// takeBack drops the value appended last, which was not the whole field.
func (c *Values) takeBack() {
	if c.Kind == unwanted {
		return
	}
	c.N--
	switch c.Kind {
	case column.Int:
		c.Ints = c.Ints[:c.N]
	case column.Float:
		c.Floats = c.Floats[:c.N]
	case column.String:
		c.waiting = c.waiting[:len(c.waiting)-1]
	}
}

// lookUp gives the strings that wait their codes.
func (c *Values) lookUp(text []byte) {
	words := int32(len(c.form.Nulls))
	if c.diverse {
		for _, w := range c.waiting {
			value := text[w.at : w.at+w.size]
			if words > 0 && c.form.Null(value) {
				c.Nulls = append(c.Nulls, len(c.views))
			}
			c.keep(value)
		}
		c.waiting = c.waiting[:0]
		return
	}
	for _, w := range c.waiting {
		value := text[w.at : w.at+w.size]
		word := w.word
		switch {
		case w.size < 8:
			word &= 1<<(8*w.size) - 1
		case w.size > 8:
			word = column.LongWord(value)
		}
		code := c.Dict.Find(word, value)
		if code < words {
			c.Nulls = append(c.Nulls, len(c.Codes))
		}
		c.Codes = append(c.Codes, code)
	}
	c.waiting = c.waiting[:0]
}

const (
	lowBytes  = 0x0101010101010101
	highBytes = 0x8080808080808080
)

// fieldStop has a high bit set at the first byte of word that is the separator,
// a line feed or a carriage return; bits above the first mean nothing.
func fieldStop(word, sep uint64) uint64 {
	a, b, c := word^sep, word^('\n'*lowBytes), word^('\r'*lowBytes)
	return ((a-lowBytes)&^a | (b-lowBytes)&^b | (c-lowBytes)&^c) & highBytes
}

// firstBelow returns the place of the first byte of word that is less than '-': a comma, a
// line end, a quote or one that fields seldom have; 8 where there is none.
func firstBelow(word uint64) int {
	return bits.TrailingZeros64((word-'-'*lowBytes)&^word&highBytes) / 8
}

// ended reports whether a field ends at a byte that [firstBelow] found.
func ended(b byte) bool { return b == ',' || b == '\n' }

// quotedEnd returns where the first quote after the one at i is; at the text's end if there is none.
func quotedEnd(padded []byte, i int) int {
	for i++; i+8 <= len(padded); i += 8 {
		w := binary.LittleEndian.Uint64(padded[i:]) ^ '"'*lowBytes
		if stop := (w - lowBytes) &^ w & highBytes; stop != 0 {
			return min(i+bits.TrailingZeros64(stop)/8, len(padded)-9)
		}
	}
	return len(padded) - 9
}

// fieldEnd returns where the unquoted field that begins at i ends.
func fieldEnd(padded []byte, i int, sep uint64) int {
	stop := fieldStop(binary.LittleEndian.Uint64(padded[i:]), sep)
	for stop == 0 {
		i += 8
		stop = fieldStop(binary.LittleEndian.Uint64(padded[i:]), sep)
	}
	return i + bits.TrailingZeros64(stop)/8
}

// ragged counts the fields of the record whose field k starts at i.
func ragged(text []byte, i int, comma byte, k, row, want int) error {
	have := k
	for i < len(text) {
		end, _, _ := csvtext.Field(text, i, comma)
		have++
		if end >= len(text) || text[end] != comma {
			break
		}
		i = end + 1
	}
	return &misfit{-1, row, fmt.Errorf("the row has %d fields and the header %d", have, want)}
}

// parseField reads one field in any form that RFC 4180 allows.
func (c *Values) parseField(padded []byte, i int, comma byte, col, row int) (int, error) {
	text := padded[:len(padded)-8]
	quoted := text[i] == '"'
	end, value, ok := csvtext.Field(text, i, comma)
	switch {
	case !ok && csvtext.Open(text, i):
		return 0, &misfit{col, row, errOpenQuote}
	case !ok:
		return 0, &misfit{col, row, errAfterQuote}
	case quoted:
		value = csvtext.Unquote(value)
	case bytes.IndexByte(value, '\r') >= 0:
		return 0, &misfit{col, row, csvtext.ErrBareCR}
	}
	switch {
	case c.Kind == unwanted:
	case c.null(value), len(value) == 0 && (!quoted || c.Kind != column.String): // "" is an empty string, and no number
		c.blank = c.blank || quoted && !c.form.Null(value)
		c.AddNull()
	case c.Kind == late:
		c.found.add(value)
	case c.Add(value):
	case c.again:
		c.turnLate(value)
	default:
		return 0, &misfit{col, row, errMisfit(string(value), c.Kind)}
	}
	return end, nil
}
