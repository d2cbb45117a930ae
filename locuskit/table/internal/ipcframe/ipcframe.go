// Package ipcframe looks over the frames of an Arrow IPC stream before a reader is let at it:
// whether the lengths that a file tells of itself can be true. The Arrow reader allocates
// what they say, so that a few damaged bytes would take all memory. It decodes no values
// and knows nothing of tables.
package ipcframe

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Check walks over the messages of a stream. What it does not understand makes it panic, as
// the Arrow reader does.
func Check(data []byte) error {
	for at, number := 0, 1; len(data)-at >= 4; number++ {
		size := int64(int32(binary.LittleEndian.Uint32(data[at:])))
		at += 4
		if size == -1 && len(data)-at >= 4 { // the mark of today's format stands before the length
			size = int64(int32(binary.LittleEndian.Uint32(data[at:])))
			at += 4
		}
		if size == 0 {
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
		if err := checkHeader(message, body); err != nil {
			return fmt.Errorf("the file is damaged: message %d: %w", number, err)
		}
	}
	return nil
}

// errEarlyCompression is of files whose values would be read as other values: Arrow 0.17
// noted a batch's compression where today's readers do not look.
var errEarlyCompression = errors.New("it is compressed as Arrow 0.17 did, which later readers do not know: read it with pyarrow and write it again")

// CheckFile looks over a file with an index at its end: the index and the messages. As Check
// does it panics where it does not understand the index.
func CheckFile(data []byte) error {
	if err := checkIndex(data); err != nil {
		return fmt.Errorf("the file is damaged: %w", err)
	}
	return checkMessages(data)
}

// checkIndex checks the lists of the index, which begins with the schema.
func checkIndex(data []byte) error {
	const schema, dictionaries, batches, remarks = 1, 2, 3, 4
	end := len(data) - 10 // the index's length and the magic number follow it
	size := int(int32(binary.LittleEndian.Uint32(data[end:])))
	if size <= 0 || size > end {
		return fmt.Errorf("its index is said to be %d bytes long", size)
	}
	index := flatTable{data[end-size : end], 0}.root()
	for _, list := range []int{dictionaries, batches, remarks} {
		if _, n := index.list(list); n < 0 || n > size {
			return fmt.Errorf("its index lists %d parts", n)
		}
	}
	if table, ok := index.table(schema); ok {
		return checkSchema(table)
	}
	return nil
}

func checkMessages(data []byte) (err error) {
	// The index says where the messages are; a walk from one to the next need not find them.
	defer func() {
		if recover() != nil {
			err = nil
		}
	}()
	const magic = 8
	if err := Check(data[min(magic, len(data)):]); errors.Is(err, errEarlyCompression) {
		return err
	}
	return nil
}

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

func checkHeader(message flatTable, body int64) error {
	header, ok := message.table(2)
	if !ok {
		return nil
	}
	switch message.octet(1) {
	case ipcSchema:
		return checkSchema(header)
	case ipcDictionary:
		if header, ok = header.table(1); !ok {
			return nil
		}
		fallthrough
	case ipcBatch:
		_, compressed := header.table(3)
		return CheckRows(header.number(0), body, compressed)
	}
	return nil
}

func checkSchema(t flatTable) error {
	const fields, metadata = 1, 2
	if _, n := t.list(metadata); n < 0 || n > len(t.data) {
		return fmt.Errorf("it lists %d remarks", n)
	}
	return checkFields(t, fields, 0)
}

// checkFields checks the list of fields that is field n of a table, and their children.
func checkFields(t flatTable, n, depth int) error {
	const children, metadata = 5, 6
	at, length := t.list(n)
	if length < 0 || at+4*length > len(t.data) || depth > 64 {
		return fmt.Errorf("it lists %d fields", length)
	}
	for i := range length {
		field := flatTable{t.data, at + 4*i}.root()
		if _, n := field.list(metadata); n < 0 || n > len(t.data) {
			return fmt.Errorf("it lists %d remarks on a field", n)
		}
		if err := checkFields(field, children, depth+1); err != nil {
			return err
		}
	}
	return nil
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
