package ipcframe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// CheckFile looks over a file with an index at its end: the index, and the messages that it lists. As Check
// does it panics where it does not understand them.
func CheckFile(data []byte) error {
	err := checkIndex(data)
	if err != nil && !errors.Is(err, errEarlyCompression) {
		return fmt.Errorf("the file is damaged: %w", err)
	}
	return err
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
	var parts layouts
	if table, ok := index.table(schema); ok {
		var err error
		if parts, err = checkSchema(table); err != nil {
			return err
		}
	}
	if _, err := checkListed(data, index, dictionaries, parts); err != nil {
		return err
	}
	listed, err := checkListed(data, index, batches, parts)
	if err != nil {
		return err
	}
	slices.Sort(listed)
	if there, ok := batchPlaces(data[:end-size]); ok && !slices.Equal(listed, there) {
		return fmt.Errorf("its index lists batches at the places %d, and they are at %d", listed, there)
	}
	return nil
}

// batchPlaces returns where the batches of a file are, as one sees who goes from each message to the next, where that leads to the end.
func batchPlaces(data []byte) (places []int64, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	const magic = 8
	for at := magic; len(data)-at >= 4; {
		from := int64(at)
		size := int(int32(binary.LittleEndian.Uint32(data[at:])))
		at += 4
		if size == -1 {
			size = int(int32(binary.LittleEndian.Uint32(data[at:])))
			at += 4
		}
		if size == 0 {
			return places, true
		}
		message := flatTable{data[at : at+size], 0}.root()
		if message.octet(1) == ipcBatch {
			places = append(places, from)
		}
		body := message.number(3)
		if body < 0 || body > int64(len(data)-at-size) {
			return nil, false
		}
		at += size + int(body)
	}
	return nil, false
}

// checkListed checks the messages that a list of the index tells of, and returns where they are.
func checkListed(data []byte, index flatTable, list int, parts layouts) (places []int64, err error) {
	const place, length = 24, 8 // the size of what the list has of a message, and where the length of its head stands there
	at, n := index.list(list)
	for i := range n {
		from := int64(binary.LittleEndian.Uint64(index.data[at+place*i:]))
		size := int64(int32(index.word(at + place*i + length)))
		if from < 0 || size < 8 || from > int64(len(data))-size {
			return nil, fmt.Errorf("its index lists a part of %d bytes at place %d, and the file is %d bytes long", size, from, len(data))
		}
		head := flatTable{data[from : from+size], 4}
		if head.word(0) == 0xffffffff {
			head.at = 8
		}
		message := head.root()
		if earlyCompression(message) {
			return nil, errEarlyCompression
		}
		if err := checkBatch(message, parts); err != nil {
			return nil, err
		}
		places = append(places, from)
	}
	return places, nil
}
