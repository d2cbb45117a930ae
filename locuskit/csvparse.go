package locuskit

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math/bits"
	"strconv"
	"unsafe"
)

// csvColumn gathers one column of a block.
type csvColumn struct {
	name   string
	kind   Kind // 0: the column is not wanted
	n      int  // values so far
	ints   []int64
	floats []float64
	bools  []bool
	codes  []int32
	dict   *dictionaryBuilder // the worker's own, for all its blocks
	nulls  []int              // rows without a value
}

// csvMisfit is a value that is not of the kind its column was taken for.
type csvMisfit struct {
	column int
	row    int // in its block, from 0
	text   string
	kind   Kind
}

func (m *csvMisfit) Error() string { return fmt.Sprintf("%q is not %s", m.text, article(m.kind)) }

func article(k Kind) string {
	if k == Int {
		return "an int"
	}
	return "a " + k.String()
}

// csvRagged is a record with the wrong number of fields.
type csvRagged struct{ row, have, want int }

func (r *csvRagged) Error() string {
	return fmt.Sprintf("the row has %d fields and the header %d", r.have, r.want)
}

// csvBadQuote is a quoted field with text behind its closing quote.
type csvBadQuote struct{ column, row int }

func (q *csvBadQuote) Error() string {
	return "text follows the closing quote of a field: a quote inside a quoted field is written twice"
}

// parseCSV reads the records of a block into columns and says how many there
// were. The common cases, unquoted and well formed, are handled in place; any
// other field goes through parseField.
func parseCSV(text []byte, comma byte, cols []*csvColumn) (rows int, err error) {
	padded := text[:len(text)+8]
	last := len(cols) - 1
	sep := uint64(comma) * lowBytes
	for i := 0; i < len(text); {
		if len(cols) > 1 { // a blank line is a null where there is one column
			if text[i] == '\r' && text[i+1] == '\n' {
				i++
			}
			if text[i] == '\n' {
				i++
				continue
			}
		}
		for k, c := range cols {
			at := i
			switch c.kind {
			case Int:
				var v uint64
				negative := padded[i] == '-'
				if negative {
					i++
				}
				start := i
				for d := padded[i] - '0'; d <= 9; d = padded[i] - '0' {
					v = v*10 + uint64(d)
					i++
				}
				if n := i - start; n == 0 || n > 18 || !endsField(padded, i, comma) {
					i = -1
				} else {
					if negative {
						v = -v
					}
					c.ints = append(c.ints, int64(v))
					c.n++
				}
			case String:
				word := binary.LittleEndian.Uint64(padded[i:])
				stop := fieldStop(word, sep)
				switch {
				case text[i] == '"':
					i = -1
				case stop != 0:
					n := bits.TrailingZeros64(stop) / 8
					if n == 0 {
						i = -1
						break
					}
					i += n
					word &= 1<<(8*n) - 1
					c.codes = append(c.codes, c.dict.find(word, text[at:i]))
					c.n++
				default:
					for stop == 0 {
						i += 8
						stop = fieldStop(binary.LittleEndian.Uint64(padded[i:]), sep)
					}
					i += bits.TrailingZeros64(stop) / 8
					value := text[at:i]
					if len(value) == 8 {
						c.codes = append(c.codes, c.dict.find(word, value))
					} else {
						c.codes = append(c.codes, c.dict.find(maphash.Bytes(hashSeed, value), value))
					}
					c.n++
				}
			default:
				i = -1
			}
			if i < 0 {
				if i, err = c.parseField(padded, at, comma, k, rows); err != nil {
					return rows, err
				}
			}
			if text[i] == '\r' && text[i+1] == '\n' {
				i++
			}
			if k < last && text[i] != comma || k == last && text[i] != '\n' {
				return rows, ragged(text, at, comma, k, rows, len(cols))
			}
			i++
		}
		rows++
	}
	return rows, nil
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

func endsField(text []byte, i int, comma byte) bool {
	return text[i] == comma || text[i] == '\n' || text[i] == '\r' && text[i+1] == '\n'
}

// ragged counts the fields of the record whose field k starts at i.
func ragged(text []byte, i int, comma byte, k, row, want int) error {
	have := k
	for i < len(text) {
		end, _, _ := csvField(text, i, comma)
		have++
		if end >= len(text) || text[end] != comma {
			break
		}
		i = end + 1
	}
	return &csvRagged{row, have, want}
}

// csvField finds the field that starts at i: where it ends (its separator), its
// text as it stands between quotes if it has any, and whether it is well formed.
func csvField(text []byte, i int, comma byte) (end int, value []byte, ok bool) {
	ok = true
	start := i
	quoted := text[i] == '"'
	if quoted {
		closing := closingQuote(text, i)
		if closing < 0 {
			return len(text) - 1, text[i:], false
		}
		value = text[i+1 : closing]
		i = closing + 1
		ok = endsField(text, i, comma)
	}
	for text[i] != comma && text[i] != '\n' {
		i++
	}
	if i > start && text[i] == '\n' && text[i-1] == '\r' {
		i--
	}
	if !quoted {
		value = text[start:i]
	}
	return i, value, ok
}

// parseField reads one field by the book.
func (c *csvColumn) parseField(padded []byte, i int, comma byte, column, row int) (int, error) {
	text := padded[:len(padded)-8]
	quoted := text[i] == '"'
	end, value, ok := csvField(text, i, comma)
	if !ok {
		return 0, &csvBadQuote{column, row}
	}
	if quoted {
		value = unquote(value)
	}
	if c.kind == 0 {
		return end, nil
	}
	if len(value) == 0 && !quoted {
		c.addNull()
		return end, nil
	}
	if !c.add(value) {
		return 0, &csvMisfit{column, row, string(value), c.kind}
	}
	return end, nil
}

// unquote makes each pair of quotes one.
func unquote(v []byte) []byte {
	var out []byte
	from := 0
	for i := 0; i+1 < len(v); i++ {
		if v[i] == '"' && v[i+1] == '"' {
			out = append(out, v[from:i+1]...)
			i++
			from = i + 1
		}
	}
	if from == 0 {
		return v
	}
	return append(out, v[from:]...)
}

func (c *csvColumn) addNull() {
	c.nulls = append(c.nulls, c.n)
	c.n++
	switch c.kind {
	case Int:
		c.ints = append(c.ints, 0)
	case Float:
		c.floats = append(c.floats, 0)
	case Bool:
		c.bools = append(c.bools, false)
	case String:
		c.codes = append(c.codes, 0)
	}
}

// add appends a value, and says whether it is of the column's kind.
func (c *csvColumn) add(value []byte) bool {
	switch c.kind {
	case Int:
		v, ok := parseInt(value)
		if !ok {
			return false
		}
		c.ints = append(c.ints, v)
	case Float:
		v, ok := parseFloat(value)
		if !ok {
			return false
		}
		c.floats = append(c.floats, v)
	case Bool:
		v, ok := parseBool(value)
		if !ok {
			return false
		}
		c.bools = append(c.bools, v)
	case String:
		c.codes = append(c.codes, c.dict.addBytes(value))
	}
	c.n++
	return true
}

func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func parseInt(b []byte) (int64, bool) {
	if len(b) == 0 || b[0] == '+' && len(b) > 1 && b[1] == '-' {
		return 0, false
	}
	v, err := strconv.ParseInt(asString(b), 10, 64)
	return v, err == nil
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parseFloat reads a decimal number, inf or nan. Up to 15 digits and as many
// decimals, which float64 holds exactly, one division gives the nearest value.
func parseFloat(b []byte) (float64, bool) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	var digits uint64
	count, point := 0, -1
	for ; i < len(b); i++ {
		if d := b[i] - '0'; d <= 9 {
			digits = digits*10 + uint64(d)
			count++
		} else if b[i] == '.' && point < 0 {
			point = count
		} else {
			break
		}
	}
	if i == len(b) && count > 0 && count <= 15 {
		v := float64(digits)
		if point >= 0 {
			v /= powersOfTen[count-point]
		}
		if negative {
			v = -v
		}
		return v, true
	}
	for _, x := range b {
		if x == '_' || x == 'x' || x == 'X' || x == 'p' || x == 'P' { // Go's own notations
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(asString(b), 64)
	return v, err == nil
}

func parseBool(b []byte) (value, ok bool) {
	switch string(b) {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
