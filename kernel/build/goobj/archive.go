package goobj

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// An Archive is what the go command builds of a package: a file of the ar format
// that holds the object of the compiler and one for each assembly file.
type Archive struct {
	// Objects begin with the compiler's, whose symbols other packages refer to by
	// index.
	Objects []*Object
	// Foreign names the entries that no Go tool wrote, but a C compiler: of cgo, or a
	// .syso file. Only a linker that knows C can use them.
	Foreign []string
}

const (
	archiveMagic = "!<arch>\n"
	entryHeader  = 60 // bytes before each entry
	objectHead   = "go object "
	headEnd      = "\n!\n" // between the text that an object begins with and its binary part
)

// ParseArchive reads an archive.
func ParseArchive(b []byte) (*Archive, error) {
	if !bytes.HasPrefix(b, []byte(archiveMagic)) {
		return nil, errors.New("not an archive")
	}
	a := &Archive{}
	for rest := b[len(archiveMagic):]; len(rest) > 0; {
		name, content, after, err := nextEntry(rest)
		if err != nil {
			return nil, err
		}
		rest = after
		if !isCode(name) {
			continue
		}
		if !bytes.HasPrefix(content, []byte(objectHead)) {
			a.Foreign = append(a.Foreign, name)
			continue
		}
		_, body, ok := bytes.Cut(content, []byte(headEnd))
		if !ok {
			return nil, fmt.Errorf("entry %s: damaged object: no binary part", name)
		}
		o, err := Parse(body)
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", name, err)
		}
		a.Objects = append(a.Objects, o)
	}
	if len(a.Objects) == 0 {
		return nil, errors.New("no object in the archive")
	}
	return a, nil
}

// nextEntry cuts the first entry off. Entries begin at even offsets.
func nextEntry(b []byte) (name string, content, rest []byte, err error) {
	if len(b) < entryHeader || string(b[58:60]) != "`\n" {
		return "", nil, nil, errors.New("damaged archive: no entry where one should begin")
	}
	name = string(bytes.TrimRight(b[:16], " "))
	size, err := strconv.Atoi(string(bytes.TrimRight(b[48:58], " ")))
	if err != nil || size < 0 || size > len(b)-entryHeader {
		return "", nil, nil, fmt.Errorf("damaged archive: the size of entry %q is not within the file", name)
	}
	content, rest = b[entryHeader:entryHeader+size], b[entryHeader+size:]
	if size%2 != 0 && len(rest) > 0 {
		rest = rest[1:]
	}
	return name, content, rest, nil
}

// isCode reports whether an entry is an object, as against export data or notes to
// the linker.
func isCode(name string) bool {
	switch name {
	case "__.PKGDEF", "preferlinkext", "dynimportfail":
		return false
	}
	return true
}
