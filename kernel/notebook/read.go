package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Read reads a notebook file. The error of a malformed one names the file, the
// place in it, and what is wrong there.
func Read(path string) (*Notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read notebook: %w", err)
	}
	nb, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s is not a usable notebook: %w", path, err)
	}
	return nb, nil
}

// Parse reads a notebook from the content of a file.
func Parse(data []byte) (*Notebook, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the file is empty; restore it, or make a new notebook in JupyterLab")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber() // so that numbers are written as they were read
	var top any
	if err := dec.Decode(&top); err != nil {
		return nil, syntaxError(data, dec.InputOffset(), err)
	}
	end := dec.InputOffset()
	if _, err := dec.Token(); err != io.EOF {
		return nil, at(data, end+int64(leadingSpace(data[end:])), errors.New("there is text after the end of the JSON object"))
	}
	doc, ok := top.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("it holds %s where a JSON object is needed", name(top))
	}
	nb := &Notebook{doc: doc}
	if err := nb.check(); err != nil {
		return nil, err
	}
	return nb, nil
}

// syntaxError says where in data the JSON breaks. offset is how far the decoder
// came, for errors that do not say it themselves.
func syntaxError(data []byte, offset int64, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return at(data, int64(len(data)), errors.New("the file ends in the middle of its JSON: it was cut short"))
	case errors.As(err, &syntax):
		// The offset of a syntax error counts the byte that broke the syntax.
		return at(data, max(syntax.Offset-1, 0), fmt.Errorf("not valid JSON: %w", err))
	}
	return at(data, offset, fmt.Errorf("not valid JSON: %w", err))
}

// at puts the line and column of an offset before an error, and explains the
// commonest cause of a broken notebook.
func at(data []byte, offset int64, err error) error {
	before := data[:min(offset, int64(len(data)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	column := 1 + len(before) - start
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>"} {
		if bytes.HasPrefix(data[start:], []byte(mark)) {
			return fmt.Errorf("line %d, column %d: a merge conflict of git is left in the file; resolve it first (%w)", line, column, err)
		}
	}
	return fmt.Errorf("line %d, column %d: %w", line, column, err)
}

func leadingSpace(b []byte) int {
	return len(b) - len(bytes.TrimLeft(b, " \t\r\n"))
}
