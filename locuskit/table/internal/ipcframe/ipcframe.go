// Package ipcframe looks over the frames of an Arrow IPC stream before a reader is let at it:
// whether the lengths that a file tells of itself can be true, and whether its batches are laid out
// as its schema says. The Arrow reader allocates what the lengths say, so that a few damaged bytes would
// take all memory, and leaves out what its schema does not tell of. It decodes no values and knows nothing of tables.
package ipcframe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Check walks over the messages of a stream. What it does not understand makes it panic, as
// the Arrow reader does.
func Check(data []byte) error {
	var batches layouts
	for at, number := 0, 1; len(data)-at >= 4; number++ {
		size := int64(int32(binary.LittleEndian.Uint32(data[at:])))
		at += 4
		if size == -1 && len(data)-at >= 4 { // the mark of today's format stands before the length
			size = int64(int32(binary.LittleEndian.Uint32(data[at:])))
			at += 4
		}
		if size == 0 { // the end
			if rest := bytes.TrimLeft(data[at:], "\x00"); len(rest) > 0 {
				return fmt.Errorf("the file is damaged, or several streams in one: message %d is its end, and %d bytes are left", number, len(data)-at)
			}
			return nil
		}
		if size < 0 || size > int64(len(data)-at) {
			return fmt.Errorf("the file is damaged: message %d says that it is %d bytes long, and %d are left", number, size, len(data)-at)
		}
		message := flatTable{data[at : at+int(size)], 0}.root()
		at += int(size)
		body := message.number(3)
		if body < 0 || body > int64(len(data)-at) {
			return fmt.Errorf("the file is damaged: the body of message %d is said to be %d bytes long, and %d are left", number, body, len(data)-at)
		}
		at += int(body)
		if earlyCompression(message) {
			return errEarlyCompression
		}
		if err := checkHeader(message, body, &batches); err != nil {
			return fmt.Errorf("the file is damaged: message %d: %w", number, err)
		}
	}
	return nil
}

// errEarlyCompression is of files whose values would be read as other values: Arrow 0.17
// noted a batch's compression where today's readers do not look.
var errEarlyCompression = errors.New("it is compressed as Arrow 0.17 did, which later readers do not know: read it with pyarrow and write it again")

// earlyCompression reports whether a message has the remark of Arrow 0.17.
func earlyCompression(message flatTable) bool {
	const remarks = 4
	at, n := message.list(remarks)
	for i := range n {
		if key, size := (flatTable{message.data, at + 4*i}).root().list(0); string(message.data[key:key+size]) == "ARROW:experimental_compression" {
			return true
		}
	}
	return false
}

const (
	ipcSchema     = 1 // kinds of message
	ipcDictionary = 2
	ipcBatch      = 3
)

func checkHeader(message flatTable, body int64, parts *layouts) error {
	if header, ok := message.table(2); ok && message.octet(1) == ipcSchema {
		found, err := checkSchema(header)
		*parts = found
		return err
	}
	batch, ok := batchOf(message)
	if !ok {
		return nil
	}
	if err := checkBatch(message, *parts); err != nil {
		return err
	}
	_, compressed := batch.table(3)
	return CheckRows(batch.number(0), body, compressed)
}

// batchOf returns the batch that a message has, which a dictionary's wraps.
func batchOf(message flatTable) (flatTable, bool) {
	header, ok := message.table(2)
	switch {
	case !ok:
		return header, false
	case message.octet(1) == ipcBatch:
		return header, true
	case message.octet(1) == ipcDictionary:
		return header.table(1)
	}
	return header, false
}

// flatTable is a table of the FlatBuffers format.
type flatTable struct {
	data []byte
	at   int
}

func (t flatTable) word(at int) int { return int(binary.LittleEndian.Uint32(t.data[at:])) }

// root returns the table that the word at t's place points to.
func (t flatTable) root() flatTable { return flatTable{t.data, t.at + t.word(t.at)} }

// field returns where field n begins, 0 where it is not set.
func (t flatTable) field(n int) int {
	fields := t.at - int(int32(t.word(t.at)))
	if place := 4 + 2*n; place < int(binary.LittleEndian.Uint16(t.data[fields:])) {
		if offset := int(binary.LittleEndian.Uint16(t.data[fields+place:])); offset != 0 {
			return t.at + offset
		}
	}
	return 0
}

func (t flatTable) number(n int) int64 {
	if at := t.field(n); at != 0 {
		return int64(binary.LittleEndian.Uint64(t.data[at:]))
	}
	return 0
}

func (t flatTable) octet(n int) byte {
	if at := t.field(n); at != 0 {
		return t.data[at]
	}
	return 0
}

func (t flatTable) table(n int) (flatTable, bool) {
	at := t.field(n)
	if at == 0 {
		return flatTable{}, false
	}
	return flatTable{t.data, at}.root(), true
}

// list returns where a list's elements begin and how many there are.
func (t flatTable) list(n int) (at, length int) {
	if at = t.field(n); at == 0 {
		return 0, 0
	}
	at += t.word(at)
	return at + 4, int(int32(t.word(at)))
}

// Starts reports whether a file or a stream can begin with these 8 bytes: with the file's magic, or the length of the
// message that the schema is.
func Starts(begin []byte) bool {
	size := int32(binary.LittleEndian.Uint32(begin))
	if size == -1 { // the mark of today's format stands before the length
		size = int32(binary.LittleEndian.Uint32(begin[4:]))
	}
	return bytes.HasPrefix(begin, []byte("ARROW1")) || size > 0
}
