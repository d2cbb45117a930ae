package ipcframe

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// layout is how many arrays a batch has, and how many of these are of views, for whose text there are any number of buffers.
type layout struct{ arrays, views int }

// layouts are those of a schema's batches, and of its dictionaries by their number.
type layouts struct {
	layout
	dictionaries map[int64]layout
}

// checkBatch sees that the batch of a message is laid out as the schema has it, that its buffers are where those of values can be,
// and that no array of views tells of more of them than there are. Arrow's reader leaves out the arrays for which the schema has no
// column, reads beyond a list that is too short, and makes room for all buffers of views.
func checkBatch(message flatTable, parts layouts) error {
	const arrays, buffers, ofViews = 1, 2, 4
	batch, ok := batchOf(message)
	if !ok {
		return nil
	}
	want := parts.layout
	if message.octet(1) == ipcDictionary {
		header, _ := message.table(2)
		if want, ok = parts.dictionaries[header.number(0)]; !ok {
			return fmt.Errorf("it is dictionary %d, of which the schema tells nothing", header.number(0))
		}
	}
	if _, n := batch.list(arrays); n != want.arrays {
		return fmt.Errorf("it has %d arrays, where the schema has %d", n, want.arrays)
	}
	const place = 16 // the size of what the list has of a buffer
	at, most := batch.list(buffers)
	for i := range most {
		if from := binary.LittleEndian.Uint64(batch.data[at+place*i:]); from%8 != 0 {
			return fmt.Errorf("buffer %d is at place %d, which is no multiple of 8", i+1, from)
		}
	}
	at, n := batch.list(ofViews)
	if n != want.views {
		return fmt.Errorf("it tells of the buffers of %d arrays of views, where the schema has %d", n, want.views)
	}
	for i := range n {
		if count := int64(binary.LittleEndian.Uint64(batch.data[at+8*i:])); count < 0 || count > int64(most) {
			return fmt.Errorf("an array of views tells of %d buffers, where the batch has %d", count, most)
		}
	}
	return nil
}

// checkSchema checks a schema, and returns how its batches are laid out.
func checkSchema(t flatTable) (layouts, error) {
	const fields, metadata = 1, 2
	if t.field(fields) == 0 {
		return layouts{}, errors.New("its schema has no list of columns")
	}
	if _, n := t.list(metadata); n < 0 || n > len(t.data) {
		return layouts{}, fmt.Errorf("it lists %d remarks", n)
	}
	parts := layouts{dictionaries: make(map[int64]layout)}
	var err error
	parts.layout, err = checkFields(t, fields, 0, parts.dictionaries)
	return parts, err
}

// checkFields checks the list of fields that is field n of a table, and their children. It returns how a batch is laid out that
// has them: one array each, and those of the children, but where a dictionary holds these.
func checkFields(t flatTable, n, depth int, dictionaries map[int64]layout) (all layout, err error) {
	const kind, dictionary, children, metadata = 2, 4, 5, 6
	const binaryView, textView = 23, 24 // kinds
	at, length := t.list(n)
	if length < 0 || at+4*length > len(t.data) || depth > 64 {
		return layout{}, fmt.Errorf("it lists %d fields", length)
	}
	for i := range length {
		field := flatTable{t.data, at + 4*i}.root()
		if _, n := field.list(metadata); n < 0 || n > len(t.data) {
			return layout{}, fmt.Errorf("it lists %d remarks on a field", n)
		}
		values, err := checkFields(field, children, depth+1, dictionaries)
		if err != nil {
			return layout{}, err
		}
		values.arrays++
		if k := field.octet(kind); k == binaryView || k == textView {
			values.views++
		}
		if d, ok := field.table(dictionary); ok {
			dictionaries[d.number(0)] = values
			values = layout{arrays: 1}
		}
		all.arrays += values.arrays
		all.views += values.views
	}
	return all, nil
}
