package locuskit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

const (
	csvBlock     = 1 << 20   // bytes that a worker parses at a time
	csvBlockMost = 256 << 20 // of one record: beyond, a quote was left open
	csvPadding   = 16        // readable bytes behind a block
)

// csvBlocks cuts a CSV text into blocks of whole records. Finding the end of a
// block's last record is the only part of reading that is done one block after
// another: where no quote occurs it is the last line end.
type csvBlocks struct {
	mu     sync.Mutex
	r      io.Reader
	comma  byte
	carry  []byte
	count  int
	offset int64 // of the next block, in bytes
	err    error // io.EOF after the last block
}

// csvText is one block: whole records, each ended by '\n'. Behind it stand
// csvPadding bytes that may be read.
type csvText struct {
	number int
	offset int64
	text   []byte
}

// next reads the next block into buf, which it may replace by a larger one.
func (b *csvBlocks) next(buf []byte) (csvText, []byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return csvText{}, buf, b.err
	}
	size := max(csvBlock, 2*len(b.carry))
	for {
		if cap(buf) < size+csvPadding {
			buf = make([]byte, size+csvPadding)
		}
		n := copy(buf[:size], b.carry)
		read, ended, err := fill(b.r, buf[n:size])
		n += read
		if err != nil {
			b.err = err
			return csvText{}, buf, err
		}
		end := n
		if !ended {
			end = lastRecordEnd(buf[:n], b.comma)
		}
		if end == 0 && !ended {
			if size >= csvBlockMost {
				b.err = fmt.Errorf("a record that starts at byte %d does not end within %d MiB: is a quote left open there?", b.offset, csvBlockMost>>20)
				return csvText{}, buf, b.err
			}
			b.carry = append([]byte(nil), buf[:n]...)
			size *= 4
			continue
		}
		b.carry = append(b.carry[:0], buf[end:n]...)
		if ended {
			b.err = io.EOF
			if end == 0 {
				return csvText{}, buf, io.EOF
			}
			if buf[end-1] != '\n' {
				buf[end] = '\n'
				end++
			}
		}
		t := csvText{b.count, b.offset, buf[:end]}
		b.count++
		b.offset += int64(end)
		return t, buf, nil
	}
}

// fill reads until p is full or r has ended. io.ErrUnexpectedEOF is r's own word, that a
// transfer or a compressed file was cut short.
func fill(r io.Reader, p []byte) (n int, ended bool, err error) {
	for n < len(p) {
		read, err := r.Read(p[n:])
		n += read
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// lastRecordEnd is where the last whole record of text ends, 0 for none. Text
// starts at a record.
func lastRecordEnd(text []byte, comma byte) int {
	if bytes.IndexByte(text, '"') < 0 {
		return bytes.LastIndexByte(text, '\n') + 1
	}
	end, start := 0, 0
	if bytes.HasPrefix(text, byteOrderMark) {
		start = len(byteOrderMark)
	}
	for i := start; i < len(text); {
		if text[i] == '"' { // a quote counts only at the start of a field
			close := closingQuote(text, i)
			if close < 0 {
				return end
			}
			i = close + 1
		}
		for i < len(text) && text[i] != comma && text[i] != '\n' {
			i++
		}
		if i < len(text) {
			if text[i] == '\n' {
				end = i + 1
			}
			i++
		}
	}
	return end
}

// closingQuote is where the quoted field that opens at i closes, -1 for nowhere.
func closingQuote(text []byte, i int) int {
	for i++; ; i += 2 {
		q := bytes.IndexByte(text[i:], '"')
		if q < 0 {
			return -1
		}
		i += q
		if i+1 >= len(text) || text[i+1] != '"' {
			return i
		}
		if i+2 > len(text) {
			return -1
		}
	}
}
