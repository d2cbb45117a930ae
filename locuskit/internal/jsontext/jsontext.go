// Package jsontext finds what encoding/json lets pass in the text of a JSON document: bytes that are not
// UTF-8, and halves of surrogate pairs. encoding/json puts U+FFFD in their place, so that two different texts
// become one. It knows nothing of what a document means: a text without fault here may still be no JSON.
package jsontext

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// Error is a place of a text that no string can hold as it was meant.
type Error struct {
	Line    int   // from 1
	Offset  int64 // in bytes, from 0
	Problem string
}

func (e *Error) Error() string {
	return fmt.Sprintf("byte %d, in line %d: %s", e.Offset, e.Line, e.Problem)
}

// Check returns an [*Error] for the first fault of a whole text.
func Check(text []byte) error {
	var c checker
	if _, err := c.next(text); err != nil {
		return err
	}
	return c.end()
}

// NewReader returns a reader of r that ends with an [*Error] at the first fault. What stands before
// the fault is read, so that a parser can say where in the document it was.
func NewReader(r io.Reader) io.Reader { return &reader{from: r} }

type reader struct {
	from  io.Reader
	check checker
	err   error
}

// Read implements [io.Reader].
func (r *reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.from.Read(p)
	good, fault := r.check.next(p[:n])
	if fault == nil && err == io.EOF {
		fault = r.check.end()
	}
	if fault != nil {
		n, err = good, fault
	}
	r.err = err
	return n, err
}

// checker is where in a text the part that comes next stands.
type checker struct {
	offset int64 // of the next part
	lines  int   // ended before it
	cut    []byte
	escape escape
	digits int
	unit   rune // of an escape \uXXXX, so far
	high   bool // the first half of a pair came, and its second must follow
}

// escape is how far an escape has been read.
type escape int

const (
	outside escape = iota
	behindBackslash
	inDigits
)

const (
	notUTF8 = "it is not UTF-8: convert it, for example with iconv -f LATIN1 -t UTF-8"
	half    = "an escape \\uXXXX is half of a surrogate pair, which is no character"
)

// next checks a part of the text and returns how much of it stands before the fault, if there is one.
func (c *checker) next(part []byte) (good int, err error) {
	i, err := c.completed(part)
	for i < len(part) && err == nil {
		if c.escape != outside || c.high {
			if err = c.inEscape(part[i]); err == nil {
				i++
			}
			continue
		}
		plain := len(part)
		if at := bytes.IndexByte(part[i:], '\\'); at >= 0 {
			plain = i + at
		}
		var n int
		n, err = c.plain(part[i:plain], plain == len(part))
		if i += n; err == nil && i < len(part) {
			c.escape = behindBackslash
			i++
		}
	}
	if err != nil {
		return i, c.fault(part, i, err)
	}
	c.lines += bytes.Count(part, []byte{'\n'})
	c.offset += int64(len(part))
	return len(part), nil
}

// completed finishes the character in whose middle the last part ended, and returns how many bytes it took.
func (c *checker) completed(part []byte) (int, error) {
	n := 0
	for len(c.cut) > 0 && n < len(part) {
		c.cut = append(c.cut, part[n])
		n++
		if utf8.FullRune(c.cut) {
			if r, size := utf8.DecodeRune(c.cut); r == utf8.RuneError && size <= 1 {
				return 0, problem(notUTF8)
			}
			c.cut = c.cut[:0]
		}
	}
	return n, nil
}

// plain checks text without escapes; last says that its end may be in the middle of a character.
func (c *checker) plain(text []byte, last bool) (int, error) {
	if utf8.Valid(text) {
		return len(text), nil
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			if last && !utf8.FullRune(text[i:]) {
				c.cut = append(c.cut[:0], text[i:]...)
				return len(text), nil
			}
			return i, problem(notUTF8)
		}
		i += size
	}
	return len(text), nil
}

// inEscape takes one byte of an escape, or of what must be one since a first half stands before it.
func (c *checker) inEscape(b byte) error {
	switch c.escape {
	case outside:
		if b != '\\' {
			return problem(half)
		}
		c.escape = behindBackslash
	case behindBackslash:
		if b != 'u' {
			if c.high {
				return problem(half)
			}
			c.escape = outside
			return nil
		}
		c.escape, c.digits, c.unit = inDigits, 0, 0
	case inDigits:
		value := bytes.IndexByte([]byte("0123456789abcdef"), b|0x20)
		if value < 0 || b < '0' { // the parser finds that
			c.escape, c.high = outside, false
			return nil
		}
		c.unit = c.unit<<4 | rune(value)
		if c.digits++; c.digits < 4 {
			return nil
		}
		c.escape = outside
		first, second := c.unit >= 0xD800 && c.unit < 0xDC00, c.unit >= 0xDC00 && c.unit < 0xE000
		if second != c.high {
			return problem(half)
		}
		c.high = first
	}
	return nil
}

// end checks that no character is cut off by the end of the text.
func (c *checker) end() error {
	switch {
	case len(c.cut) > 0:
		return c.fault(nil, 0, problem(notUTF8))
	case c.high:
		return c.fault(nil, 0, problem(half))
	}
	return nil
}

type problem string

func (p problem) Error() string { return string(p) }

func (c *checker) fault(part []byte, at int, err error) error {
	return &Error{Line: c.lines + bytes.Count(part[:at], []byte{'\n'}) + 1, Offset: c.offset + int64(at), Problem: err.Error()}
}
