package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/exec"
)

// csvRead is a CSV text and what is known of its columns.
type csvRead struct {
	source *csvSource
	header []string
	notes  []string
	wanted []int // places of the columns that are wanted, in that order
	kinds  []column.Kind
	asked  []bool      // the kind is the caller's word
	found  []evidence  // of columns in which some value did not fit
	late   []bool      // which they are
	anew   atomic.Bool // there are some: what is taken will be read once more
	only   []bool      // nil, or the columns that are read again
}

// takeCSV is given each block's columns, from several goroutines at once.
type takeCSV func(number int, cols []*csvColumn, rows int) error

// scan parses a CSV text block by block, several at a time, and gives each to take. The first
// time it finds out what the columns are. Where values did not fit what their columns were
// taken for, it reports late: it has then seen all of the text, kinds are what holds every
// value, and the columns in question are to be read again.
func (r *csvRead) scan(e exec.Run, take takeCSV) (late bool, err error) {
	comma := r.source.form.comma()
	if comma >= utf8.RuneSelf || comma == '"' || comma == '-' || comma == '.' || comma == '\n' || comma == '\r' || unicode.IsLetter(rune(comma)) || unicode.IsDigit(rune(comma)) {
		return false, fmt.Errorf("%q cannot separate fields", comma)
	}
	if err := e.Cancelled(); err != nil {
		return false, err
	}
	text, err := r.source.open()
	if err != nil {
		return false, err
	}
	in := csvtext.NewBlocks(text, comma)
	first, buf, err := in.Next(nil)
	if errors.Is(err, io.EOF) {
		return false, csvtext.ErrNoHeader
	}
	if err != nil {
		return false, err
	}
	header, start, err := csvtext.Header(first.Bytes, comma)
	if err != nil {
		return false, err
	}
	first.Bytes = first.Bytes[start:]
	if err := r.begin(r.source.told, header, first.Bytes); err != nil {
		return false, err
	}
	s := &csvScan{run: e, read: r, kinds: slices.Clone(r.kinds), comma: comma, take: take, rows: map[int]int{}}
	for i := range r.only {
		if !r.only[i] {
			s.kinds[i] = unwanted
		}
	}
	m := e.Meter("bytes of "+r.source.name, r.source.size())
	defer m.Close()
	one := s.worker()
	s.block(first, one)
	workers := max(1, e.Workers)
	if in.Ended() {
		workers = 1
	}
	var once sync.Once
	exec.Together(workers, func() {
		var own []byte
		var dicts []*column.DictionaryBuilder
		once.Do(func() { own, dicts = buf, one })
		if dicts == nil {
			dicts = s.worker()
		}
		for e.Cancelled() == nil && !s.failed() {
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
			m.Add(len(text.Bytes))
		}
	})
	if err := s.outcome(); err != nil {
		return false, err
	}
	if err := e.Cancelled(); err != nil {
		return false, err
	}
	for i := range r.late {
		if r.late[i] {
			late, r.kinds[i] = true, r.found[i].kind
		}
	}
	return late, nil
}

// begin finds out what the columns are, or that they still are what they were.
func (r *csvRead) begin(told reading, header []string, text []byte) error {
	names, notes := distinctNames(header, true)
	if r.header != nil {
		if !slices.Equal(names, r.header) {
			return errors.New("it changed while it was read")
		}
		r.late = make([]bool, len(names))
		r.anew.Store(false)
		return nil
	}
	wanted, err := told.choose(names)
	if err != nil {
		return err
	}
	r.header, r.notes, r.wanted = names, notes, wanted
	r.found = r.source.form.look(text, len(names))
	r.kinds, r.asked, r.late = make([]column.Kind, len(names)), make([]bool, len(names)), make([]bool, len(names))
	for _, i := range wanted {
		r.kinds[i], r.asked[i] = told.kinds[names[i]]
		if !r.asked[i] {
			r.kinds[i] = r.found[i].kind
		}
		if r.kinds[i] == unknown && r.source.back == nil {
			r.kinds[i] = column.String
		}
	}
	return nil
}

// csvScan is the state that workers share while they parse.
type csvScan struct {
	run   exec.Run
	read  *csvRead
	kinds []column.Kind
	comma byte
	take  takeCSV

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
	s.run.Failed()
}

// worker is what a worker keeps from block to block: a dictionary for each
// column of strings.
func (s *csvScan) worker() []*column.DictionaryBuilder {
	dicts := make([]*column.DictionaryBuilder, len(s.kinds))
	for i, k := range s.kinds {
		if k == column.String {
			dicts[i] = column.NewDictionaryBuilder()
			dicts[i].Run = s.run
			for _, word := range s.read.source.form.nulls {
				dicts[i].Add(word) // the first codes mean null
			}
		}
	}
	return dicts
}

// block parses one block.
func (s *csvScan) block(text csvtext.Text, dicts []*column.DictionaryBuilder) {
	cols := make([]*csvColumn, len(s.kinds))
	most := bytes.Count(text.Bytes, []byte{'\n'})
	for i, name := range s.read.header {
		c := &csvColumn{name: name, kind: s.kinds[i], dict: dicts[i], form: &s.read.source.form,
			asked: s.read.asked[i], again: s.read.source.back != nil && !s.read.asked[i]}
		switch c.kind {
		case column.Int:
			c.ints = make([]int64, 0, most)
		case column.Float:
			c.floats = make([]float64, 0, most)
		case column.Bool:
			c.bools = make([]bool, 0, most)
		case column.String:
			c.waiting = make([]waitingString, 0, stringBatch)
			if d := c.dict; d.Len() > diverseFrom && d.Len() > d.Rows/diverseShare {
				c.diverse, c.dict, c.views = true, nil, make([]uint64, 0, most)
				c.text = make([]byte, 0, d.Width()*most)
			} else {
				c.codes = make([]int32, 0, most)
			}
		}
		cols[i] = c
	}
	rows, err := parseCSV(text.Bytes, s.comma, cols)
	for _, c := range cols {
		if c.dict != nil {
			c.dict.Rows += rows
		}
	}
	s.learn(text.Number, cols, rows)
	if err == nil {
		for k, c := range cols {
			switch {
			case c.diverse && (c.oddText || !utf8.Valid(c.text)):
				whole := c.column()
				whole.Plain.Odd = true
				if row, text, found := whole.Plain.NotUTF8(s.run, whole); found {
					err = &csvFault{k, row, fmt.Errorf("%q %w", text, csvtext.ErrNotUTF8)}
				}
			case c.dict == nil:
			case c.dict.Full:
				err = column.ErrDictionaryFull(c.name)
			case c.dict.Odd:
				whole := c.column()
				if row, text, found := whole.Dict.NotUTF8(s.run, whole.Codes, whole.Valid); found {
					err = &csvFault{k, row, fmt.Errorf("%q %w", text, csvtext.ErrNotUTF8)}
				}
			}
		}
	}
	if err == nil {
		err = s.take(text.Number, cols, rows)
		if errors.Is(err, errStopped) && s.read.anew.Load() {
			err = nil
		}
	}
	if err != nil {
		s.fail(text.Number, err)
	}
}

// learn notes how many rows a block has and what values that did not fit have shown.
func (s *csvScan) learn(number int, cols []*csvColumn, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[number] = rows
	for i, c := range cols {
		if c.kind == unwanted && !c.late {
			continue
		}
		if c.late {
			s.read.late[i] = true
			if !s.read.anew.Swap(true) {
				s.run.Failed() // whoever waits for an earlier part need not any longer
			}
		}
		if c.n > len(c.nulls) || c.late {
			s.read.found[i].join(c.evidence())
		}
	}
}

// outcome is the error of the earliest block that failed, with its place.
func (s *csvScan) outcome() error {
	if s.err == nil {
		return nil
	}
	before := 0
	for n, rows := range s.rows {
		if n < s.errAt {
			before += rows
		}
	}
	var fault *csvFault
	if !errors.As(s.err, &fault) {
		return fmt.Errorf("after row %d: %w", before, s.err)
	}
	if fault.column < 0 {
		return fmt.Errorf("row %d: %w", before+fault.row+1, fault.err)
	}
	return fmt.Errorf("row %d, column %q: %w", before+fault.row+1, s.read.header[fault.column], fault.err)
}
