package csvtext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"sync"
)

const (
	BlockBytes = 1 << 20   // bytes that a worker parses at a time
	smallBytes = 64 << 10  // of a text for which no whole block is needed
	mostBytes  = 256 << 20 // of one record: beyond, a quote was left open
	Padding    = 16        // readable bytes after a block
)

// Blocks cuts a CSV text into blocks of whole records. Finding the end of a
// block's last record is the only part of reading that is done one block after
// another: where no quote occurs it is the last line end.
type Blocks struct {
	mu     sync.Mutex
	r      io.Reader
	comma  byte
	carry  []byte
	count  int
	offset int64 // of the next block, in bytes
	err    error // io.EOF after the last block
}

// Text is one block: whole records, each ended by '\n'. Behind it stand
// Padding bytes that may be read.
type Text struct {
	Number int
	Bytes  []byte
}

// NewBlocks cuts what r gives, whose fields comma separates.
func NewBlocks(r io.Reader, comma byte) *Blocks { return &Blocks{r: r, comma: comma} }

// Ended reports whether the block given last was the last.
func (b *Blocks) Ended() bool { return errors.Is(b.err, io.EOF) }

// Next reads the next block into buf, which it may replace by a larger one.
func (b *Blocks) Next(buf []byte) (Text, []byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return Text{}, buf, b.err
	}
	size := max(BlockBytes, 2*len(b.carry))
	if b.count == 0 && cap(buf) < smallBytes+Padding { // it may be all there is
		size = smallBytes
	}
	for {
		if cap(buf) < size+Padding {
			buf = make([]byte, size+Padding)
		}
		n := copy(buf[:size], b.carry)
		read, ended, err := fill(b.r, buf[n:size])
		n += read
		if err != nil {
			b.err = err
			return Text{}, buf, err
		}
		if !ended && size == smallBytes {
			b.carry = append(b.carry[:0], buf[:n]...)
			size = BlockBytes
			continue
		}
		end := n
		if !ended {
			end = lastRecordEnd(buf[:n], b.comma)
		}
		if end == 0 && !ended {
			if size >= mostBytes {
				b.err = fmt.Errorf("a record that starts at byte %d does not end within %d MiB: is a quote left open there?", b.offset, mostBytes>>20)
				return Text{}, buf, b.err
			}
			b.carry = append([]byte(nil), buf[:n]...)
			size *= 4
			continue
		}
		b.carry = append(b.carry[:0], buf[end:n]...)
		if ended {
			b.err = io.EOF
			if end == 0 {
				return Text{}, buf, io.EOF
			}
			if buf[end-1] != '\n' {
				buf[end] = '\n'
				end++
			}
		}
		t := Text{b.count, buf[:end]}
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

// lastRecordEnd returns where the last whole record of text ends, 0 for none: at the last line end, mostly. That it does not
// stand between quotes is found by looking at quotes alone.
func lastRecordEnd(text []byte, comma byte) int {
	last := bytes.LastIndexByte(text, '\n')
	for i := 0; i < last; {
		if text[i] != '"' {
			quote := bytes.IndexByte(text[i:last], '"')
			if quote < 0 {
				break
			}
			i += quote
		}
		if i > 0 && text[i-1] != comma && text[i-1] != '\n' { // a quote counts only at the start of a field
			i++
			continue
		}
		if i = behindQuotes(text, i); i < 0 || i > last {
			return endBeforeQuotes(text, comma)
		}
		if text[i] == comma || text[i] == '\n' {
			i++ // where the next field may have quotes, too
		}
	}
	return last + 1
}

// behindQuotes returns where the field is left whose quote opens at i, -1 where it is not closed.
func behindQuotes(text []byte, i int) int {
	for { // the second of a pair opens again
		if i = nextOf(text, i+1, '"', '"'); i == len(text) {
			return -1
		}
		if i++; i == len(text) || text[i] != '"' {
			return i
		}
	}
}

// endBeforeQuotes is lastRecordEnd of a text whose last line end stands between quotes: it looks at every field.
func endBeforeQuotes(text []byte, comma byte) int {
	end := 0
	for i := 0; i < len(text); {
		if text[i] == '"' { // a quote counts only at the start of a field
			if i = behindQuotes(text, i); i < 0 {
				return end
			}
		}
		if i = nextOf(text, i, comma, '\n'); i < len(text) {
			if text[i] == '\n' {
				end = i + 1
			}
			i++
		}
	}
	return end
}

// nextOf returns where the first a or b from i on is; the text's end if there is none. It looks at
// eight bytes at once: most fields are as short.
func nextOf(text []byte, i int, a, b byte) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		x, y := w^uint64(a)*low, w^uint64(b)*low
		if stop := ((x-low)&^x | (y-low)&^y) & high; stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
	}
	for i < len(text) && text[i] != a && text[i] != b {
		i++
	}
	return i
}
