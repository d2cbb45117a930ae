package jupyter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/google/renameio/v2"

	"locuslab/kernel/filelock"
)

const (
	// keptBytes is how long the file may be when a session starts; a longer one is
	// shortened to the newest cells, to half of that.
	keptBytes = 4 << 20
	// keptOutput is how many bytes of a value are kept; a table may have megabytes.
	keptOutput = 4 << 10
)

// pastCell is a cell that was run: a line of the history file. A line without
// input is the start of a session.
type pastCell struct {
	Session int    `json:"session"`
	Line    int    `json:"line,omitempty"`
	Input   string `json:"input,omitempty"`
	Output  string `json:"output,omitempty"`
}

// A PastCell is a cell of an earlier session, or of the one at hand.
type PastCell struct {
	Session, Count int
	Code           string
}

// PastCells reads the cells of all sessions from the folder of their history.
func PastCells(dir string) (list []PastCell, err error) {
	cells, err := historyFile{dir}.read()
	for _, c := range cells {
		if c.Line > 0 {
			list = append(list, PastCell{c.Session, c.Line, c.Input})
		}
	}
	return list, err
}

// historyFile is the history of all sessions of a user: JSON lines, appended by
// all kernels that run.
type historyFile struct{ dir string }

func (f historyFile) path() string { return filepath.Join(f.dir, "history.jsonl") }

// locked calls do while no other kernel uses the file.
func (f historyFile) locked(do func() error) error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the history: %w", err)
	}
	// A file of its own, because shortening replaces the history file.
	unlock, err := filelock.Lock(context.Background(), filepath.Join(f.dir, "history.lock"), nil)
	if err != nil {
		return fmt.Errorf("lock the history: %w", err)
	}
	defer unlock()
	return do()
}

// newSession numbers a session, from 1, after all others. It does not read the cells,
// which a user may have many of.
func (f historyFile) newSession() (number int, err error) {
	newest := filepath.Join(f.dir, "history.session") // its number
	err = f.locked(func() error {
		text, err := os.ReadFile(newest)
		if err == nil {
			number, err = strconv.Atoi(string(text))
		}
		if info, e := os.Stat(f.path()); err != nil || e == nil && info.Size() > keptBytes {
			cells, err := f.read()
			if err != nil {
				return err
			}
			for _, c := range cells {
				number = max(number, c.Session)
			}
			if err := f.replace(newestCells(cells)); err != nil {
				return err
			}
		}
		number++
		if err := os.WriteFile(newest, []byte(strconv.Itoa(number)), 0o600); err != nil {
			return fmt.Errorf("number a session of the history: %w", err)
		}
		return f.write(pastCell{Session: number})
	})
	return number, err
}

// newestCells are the newest cells that half of the file has room for, without any that
// would take much of that alone.
func newestCells(cells []pastCell) (kept []pastCell) {
	room := keptBytes / 2
	for _, c := range slices.Backward(cells) {
		const names = 60 // of a line's fields
		size := names + len(c.Input) + len(c.Output)
		if size > keptBytes/8 {
			continue
		}
		if room -= size; room < 0 {
			break
		}
		kept = append(kept, c)
	}
	slices.Reverse(kept)
	return kept
}

func (f historyFile) append(c pastCell) error {
	return f.locked(func() error { return f.write(c) })
}

func (f historyFile) write(c pastCell) error {
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	file, err := os.OpenFile(f.path(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	_, err = file.Write(append(line, '\n'))
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return nil
}

// read returns all lines, oldest first. A line that cannot be read, cut short by
// a full disk for one, is passed over.
func (f historyFile) read() ([]pastCell, error) {
	text, err := os.ReadFile(f.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	var cells []pastCell
	for line := range bytes.Lines(text) {
		var c pastCell
		if json.Unmarshal(line, &c) == nil && c.Session > 0 {
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// replace puts cells in the place of the file's content, all or none.
func (f historyFile) replace(cells []pastCell) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	for _, c := range cells {
		if err := enc.Encode(c); err != nil {
			return fmt.Errorf("shorten the history: %w", err)
		}
	}
	err := renameio.WriteFile(f.path(), text.Bytes(), 0o600, renameio.WithTempDir(f.dir))
	if err != nil {
		return fmt.Errorf("shorten the history: %w", err)
	}
	return nil
}
