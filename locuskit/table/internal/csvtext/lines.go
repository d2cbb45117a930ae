package csvtext

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// SkipLines returns r without its first n lines.
func SkipLines(r io.Reader, n int) (io.Reader, error) {
	if n <= 0 {
		return r, nil
	}
	lines := bufio.NewReaderSize(r, 1<<16)
	for skipped := 0; skipped < n; {
		_, err := lines.ReadSlice('\n')
		switch {
		case err == nil:
			skipped++
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("the file ends within the %d lines to be skipped", n)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
	return lines, nil
}

// Uncommented is r without lines that begin with prefix, where a record could begin.
func Uncommented(r io.Reader, prefix string, comma byte) io.Reader {
	if prefix == "" {
		return r
	}
	return &uncommented{lines: bufio.NewReaderSize(r, 1<<16), prefix: []byte(prefix), comma: comma}
}

type uncommented struct {
	lines   *bufio.Reader
	prefix  []byte
	comma   byte
	piece   []byte // of a line, to be given
	err     error  // after it
	inLine  bool   // the piece that comes next goes on with a line
	comment bool   // which is a comment
	quoted  bool   // or stands in quotes
	field   bool   // or goes on with a field
}

func (u *uncommented) Read(p []byte) (int, error) {
	for len(u.piece) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		var err error
		u.piece, err = u.lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			u.err = err
		}
		if !u.inLine {
			u.comment = !u.quoted && bytes.HasPrefix(u.piece, u.prefix)
			u.field = false
		}
		u.inLine = !bytes.HasSuffix(u.piece, []byte{'\n'})
		if u.comment {
			u.piece = nil
		} else {
			u.quotes()
		}
	}
	n := copy(p, u.piece)
	u.piece = u.piece[n:]
	return n, nil
}

// quotes follows the quotes of a piece: what opens at the start of a field closes at a
// quote that is not followed by another.
func (u *uncommented) quotes() {
	if !u.quoted && bytes.IndexByte(u.piece, '"') < 0 {
		u.field = len(u.piece) > 0 && u.piece[len(u.piece)-1] != u.comma
		return
	}
	for _, c := range u.piece {
		switch {
		case u.quoted:
			u.quoted = c != '"' // the second quote of a pair opens again
			u.field = false
		case c == '"' && !u.field:
			u.quoted = true
		default:
			u.field = c != u.comma && c != '\n'
		}
	}
}
