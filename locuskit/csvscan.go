package locuskit

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"locuslab/locuskit/internal/csvtext"
)

// scanCSV parses a CSV text block by block, several at a time, and gives each to
// take, which may be called from several goroutines at once. It sets out.header.
func scanCSV(e execution, r io.Reader, source string, kinds map[string]Kind, out *csvRead, take func(number int, cols []*csvColumn, rows int) error) error {
	comma := cmp.Or(e.separator, ',')
	if comma >= utf8.RuneSelf || comma == '"' || comma == '-' || comma == '.' || comma == '\n' || comma == '\r' || unicode.IsLetter(rune(comma)) || unicode.IsDigit(rune(comma)) {
		return fmt.Errorf("read CSV %s: %q cannot separate fields", source, comma)
	}
	if err := e.cancelled(); err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	in := csvtext.NewBlocks(r, comma)
	first, buf, err := in.Next(nil)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("read CSV %s: the file is empty: a header line with the names of the columns was expected", source)
	}
	if err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	header, start, err := csvtext.Header(first.Bytes, comma)
	if err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	out.header = header
	first.Bytes = first.Bytes[start:]
	types := inferKinds(first.Bytes, header, comma, e.kinds, kinds)
	if err := out.leaveOut(types); err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}

	s := &csvScan{run: e, in: in, header: header, kinds: types, comma: comma, take: take, rows: map[int]int{}}
	m := e.meter("bytes of "+source, sizeOf(r))
	defer m.close()
	one := s.worker()
	s.block(first, one)
	workers := max(1, e.workers)
	if in.Ended() {
		workers = 1
	}
	var once sync.Once
	together(workers, func() {
		var own []byte
		var dicts []*dictionaryBuilder
		once.Do(func() { own, dicts = buf, one })
		if dicts == nil {
			dicts = s.worker()
		}
		for e.cancelled() == nil && !s.failed() {
			var text csvtext.Text
			var err error
			text, own, err = in.Next(own)
			if err != nil {
				if !errors.Is(err, io.EOF) {
					s.fail(text.Number, err)
				}
				return
			}
			s.block(text, dicts)
			m.add(len(text.Bytes))
		}
	})
	if err := s.outcome(source); err != nil {
		return err
	}
	if err := e.cancelled(); err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	return nil
}

// csvScan is the state that workers share while they parse.
type csvScan struct {
	run    execution
	in     *csvtext.Blocks
	header []string
	kinds  []Kind
	comma  byte
	take   func(number int, cols []*csvColumn, rows int) error

	mu      sync.Mutex
	rows    map[int]int // rows of each block parsed
	err     error       // of the earliest block that failed
	errAt   int
	stopped bool
}

func (s *csvScan) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

func (s *csvScan) fail(block int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !errors.Is(err, errStopped) && (s.err == nil || block < s.errAt) {
		s.err, s.errAt = err, block
	}
	s.stopped = true
	s.run.failed()
}

// worker is what a worker keeps from block to block: a dictionary for each
// column of strings.
func (s *csvScan) worker() []*dictionaryBuilder {
	dicts := make([]*dictionaryBuilder, len(s.kinds))
	for i, k := range s.kinds {
		if k == String {
			dicts[i] = newDictionaryBuilder()
			dicts[i].run = s.run
		}
	}
	return dicts
}

// block parses one block.
func (s *csvScan) block(text csvtext.Text, dicts []*dictionaryBuilder) {
	cols := make([]*csvColumn, len(s.header))
	most := bytes.Count(text.Bytes, []byte{'\n'})
	for i, name := range s.header {
		c := &csvColumn{name: name, kind: s.kinds[i], dict: dicts[i]}
		switch c.kind {
		case Int:
			c.ints = make([]int64, 0, most)
		case Float:
			c.floats = make([]float64, 0, most)
		case Bool:
			c.bools = make([]bool, 0, most)
		case String:
			c.codes, c.waiting = make([]int32, 0, most), make([]waitingString, 0, stringBatch)
		}
		cols[i] = c
	}
	rows, err := parseCSV(text.Bytes, s.comma, cols)
	s.mu.Lock()
	s.rows[text.Number] = rows
	s.mu.Unlock()
	if err == nil {
		for k, c := range cols {
			switch {
			case c.dict == nil:
			case c.dict.full:
				err = errDictionaryFull(c.name)
			case c.dict.odd:
				whole := c.column()
				if row, text, found := whole.dict.notUTF8(s.run, whole.codes, whole.valid); found {
					err = &csvNotUTF8{k, row, text}
				}
			}
		}
	}
	if err == nil {
		err = s.take(text.Number, cols, rows)
	}
	if err != nil {
		s.fail(text.Number, err)
	}
}

// outcome is the error of the earliest block that failed, with its place.
func (s *csvScan) outcome(source string) error {
	if s.err == nil {
		return nil
	}
	before := 0
	for n, rows := range s.rows {
		if n < s.errAt {
			before += rows
		}
	}
	var misfit *csvMisfit
	var ragged *csvRagged
	var quote *csvBadQuote
	var odd *csvNotUTF8
	switch {
	case errors.As(s.err, &misfit):
		return fmt.Errorf("read CSV %s: row %d, column %q: %w (the column was taken for %s; locuskit.Kinds sets it)",
			source, before+misfit.row+1, s.header[misfit.column], s.err, misfit.kind)
	case errors.As(s.err, &ragged):
		return fmt.Errorf("read CSV %s: row %d: %w", source, before+ragged.row+1, s.err)
	case errors.As(s.err, &odd):
		return fmt.Errorf("read CSV %s: row %d, column %q: %w", source, before+odd.row+1, s.header[odd.column], s.err)
	case errors.As(s.err, &quote):
		return fmt.Errorf("read CSV %s: row %d, column %q: %w", source, before+quote.row+1, s.header[quote.column], s.err)
	}
	return fmt.Errorf("read CSV %s: after row %d: %w", source, before, s.err)
}

// sizeOf is how many bytes r holds, 0 where that is not known.
func sizeOf(r io.Reader) int {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			return int(info.Size())
		}
	}
	return 0
}

// leaveOut takes away the kind of columns that are not wanted.
func (r *csvRead) leaveOut(kinds []Kind) error {
	if r.only == nil {
		return nil
	}
	for name := range r.only {
		if !slices.Contains(r.header, name) {
			return fmt.Errorf("no column %q: the file has %s", name, strings.Join(r.header, ", "))
		}
	}
	for i, name := range r.header {
		if !r.only[name] {
			kinds[i] = 0
		}
	}
	return nil
}
