package csv

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
	"locuslab/locuskit/table/internal/large"
	"locuslab/locuskit/table/internal/reading"
)

// textReader is a CSV text and what is known of its columns.
type textReader struct {
	source *Source
	header []string
	notes  []string
	wanted []int // places of the columns that are wanted, in that order
	kinds  []column.Kind
	asked  []bool         // the caller chose the kind
	found  []evidence     // of columns in which some value did not fit
	late   []bool         // which they are
	blank  []bool         // columns in which some field is ""
	anew   atomic.Bool    // there are some: what is taken will be read once more
	varied []atomic.Int32 // bytes of a value in columns of strings that hardly repeat, as some dictionary has shown
	only   []bool         // nil, or the columns that are read again
	copied bool           // blocks are put together, and none is used after that
}

// takeBlock is given each block's columns, from several goroutines at once.
type takeBlock func(number int, cols []*Values, rows int) error

// scan parses a CSV text block by block, several at a time, and gives each to take. The first
// time it finds out what the columns are. Where values did not fit what their columns were
// taken for, it reports late: it has then seen all of the text, kinds are what holds every
// value, and the columns in question are to be read again.
func (r *textReader) scan(e exec.Run, take takeBlock) (late bool, err error) {
	comma := r.source.form.Comma()
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
	s := &scanner{run: e, read: r, kinds: slices.Clone(r.kinds), comma: comma, take: take, rows: map[int]int{},
		slabs: r.copied && !in.Ended()} // a text of one block is short
	for i := range r.only {
		if !r.only[i] {
			s.kinds[i] = unwanted
		}
	}
	m := e.Meter("bytes of "+r.source.name, r.source.size())
	defer m.Close()
	one, slab := s.worker(), s.slab()
	s.block(first, one, slab)
	workers := max(1, e.Workers)
	if in.Ended() {
		workers = 1
	}
	var once sync.Once
	exec.Together(workers, func() {
		var own []byte
		var dicts []*column.DictionaryBuilder
		var room *large.Slab
		once.Do(func() { own, dicts, room = buf, one, slab })
		if dicts == nil {
			dicts, room = s.worker(), s.slab()
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
			s.block(text, dicts, room)
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
		if r.kinds[i] == Unknown && r.blank[i] && !r.late[i] { // no value anywhere, but empty strings, which are no nulls
			r.late[i], r.found[i].Kind = true, column.String
		}
		if r.late[i] {
			late, r.kinds[i] = true, r.found[i].Kind
		}
	}
	return late, nil
}

// begin finds out what the columns are, or that they still are what they were.
func (r *textReader) begin(told reading.Options, header []string, text []byte) error {
	names, notes := reading.DistinctNames(header, true)
	if r.header != nil {
		if !slices.Equal(names, r.header) {
			return errors.New("it changed while it was read")
		}
		r.late = make([]bool, len(names))
		r.anew.Store(false)
		return nil
	}
	wanted, err := told.Choose(names)
	if err != nil {
		return err
	}
	r.header, r.notes, r.wanted = names, notes, wanted
	r.blank, r.varied = make([]bool, len(names)), make([]atomic.Int32, len(names))
	r.found = look(r.source.form, text, len(names))
	r.kinds, r.asked, r.late = make([]column.Kind, len(names)), make([]bool, len(names)), make([]bool, len(names))
	for _, i := range wanted {
		r.kinds[i], r.asked[i] = told.Kinds[names[i]]
		if !r.asked[i] {
			r.kinds[i] = r.found[i].Kind
		}
		if r.kinds[i] == Unknown && r.source.back == nil {
			r.kinds[i] = column.String
		}
	}
	return nil
}

// scanner is the state that workers share while they parse.
type scanner struct {
	run   exec.Run
	read  *textReader
	kinds []column.Kind
	comma byte
	take  takeBlock
	slabs bool // workers take the memory of blocks from slabs

	mu      sync.Mutex
	rows    map[int]int // rows of each block parsed
	err     error       // of the earliest block that failed
	errAt   int
	stopped bool
}

func (s *scanner) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

func (s *scanner) fail(block int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !errors.Is(err, exec.ErrStopped) && (s.err == nil || block < s.errAt) {
		s.err, s.errAt = err, block
	}
	s.stopped = true
	s.run.Failed()
}

// worker returns what a worker keeps from block to block: a dictionary for each
// column of strings.
func (s *scanner) worker() []*column.DictionaryBuilder {
	dicts := make([]*column.DictionaryBuilder, len(s.kinds))
	for i, k := range s.kinds {
		if k == column.String {
			dicts[i] = column.NewDictionaryBuilder()
			dicts[i].Run = s.run
			for _, word := range s.read.source.form.Nulls {
				dicts[i].Add(word) // the first codes mean null
			}
		}
	}
	return dicts
}

// slab returns what a worker takes the memory of its blocks from, nil where each block has its own.
func (s *scanner) slab() *large.Slab {
	if !s.slabs {
		return nil
	}
	return new(large.Slab)
}

// block parses one block.
func (s *scanner) block(text csvtext.Text, dicts []*column.DictionaryBuilder, slab *large.Slab) {
	cols := make([]*Values, len(s.kinds))
	most := bytes.Count(text.Bytes, []byte{'\n'})
	for i, name := range s.read.header {
		c := &Values{Name: name, Kind: s.kinds[i], Dict: dicts[i], form: &s.read.source.form,
			Asked: s.read.asked[i], again: s.read.source.back != nil && !s.read.asked[i], numberNulls: s.read.source.numberNulls}
		switch c.Kind {
		case column.Int:
			c.Ints = large.Cut[int64](slab, most)[:0]
		case column.Float:
			c.Floats = large.Cut[float64](slab, most)[:0]
		case column.Bool:
			c.Bools = large.Cut[bool](slab, most)[:0]
		case column.String:
			c.waiting = make([]waitingString, 0, stringBatch)
			varied := &s.read.varied[i]
			if c.Dict.Diverse() {
				varied.CompareAndSwap(0, int32(c.Dict.Width())) // the other workers need not find out
			}
			if width := varied.Load(); width > 0 {
				c.diverse, c.Dict, c.views = true, nil, large.Cut[uint64](slab, most)[:0]
				c.text = large.Cut[byte](slab, int(width)*most)[:0]
			} else {
				c.Codes = large.Cut[int32](slab, most)[:0]
			}
		}
		cols[i] = c
	}
	rows, err := parse(text.Bytes, s.comma, cols)
	for _, c := range cols {
		if c.Dict != nil {
			c.Dict.Rows += rows
		}
	}
	s.learn(text.Number, cols, rows)
	if err == nil {
		for k, c := range cols {
			switch {
			case c.diverse && (c.oddText || !utf8.Valid(c.text)):
				whole := c.Column()
				whole.Plain.Odd = true
				if row, text, found := whole.Plain.NotUTF8(s.run, whole); found {
					err = &misfit{k, row, fmt.Errorf("%q %w", text, csvtext.ErrNotUTF8)}
				}
			case c.Dict == nil:
			case c.Dict.Full:
				err = column.ErrDictionaryFull(c.Name)
			case c.Dict.Odd:
				whole := c.Column()
				if row, text, found := whole.Dict.NotUTF8(s.run, whole.Codes, whole.Valid); found {
					err = &misfit{k, row, fmt.Errorf("%q %w", text, csvtext.ErrNotUTF8)}
				}
			}
		}
	}
	if err == nil {
		err = s.take(text.Number, cols, rows)
		if errors.Is(err, exec.ErrStopped) && s.read.anew.Load() {
			err = nil
		}
	}
	if err != nil {
		s.fail(text.Number, err)
	}
}

// learn notes how many rows a block has and what values that did not fit have shown.
func (s *scanner) learn(number int, cols []*Values, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[number] = rows
	for i, c := range cols {
		if c.Kind == unwanted && !c.late {
			continue
		}
		s.read.blank[i] = s.read.blank[i] || c.blank
		if c.late {
			s.read.late[i] = true
			if !s.read.anew.Swap(true) {
				s.run.Failed() // whoever waits for an earlier part need not any longer
			}
		}
		if c.N > len(c.Nulls) || c.late {
			s.read.found[i].join(c.evidence())
		}
	}
}

// outcome returns the error of the earliest block that failed, with its place.
func (s *scanner) outcome() error {
	if s.err == nil {
		return nil
	}
	before := 0
	for n, rows := range s.rows {
		if n < s.errAt {
			before += rows
		}
	}
	var fault *misfit
	if !errors.As(s.err, &fault) {
		return fmt.Errorf("after row %d: %w", before, s.err)
	}
	if fault.column < 0 {
		return fmt.Errorf("row %d: %w", before+fault.row+1, fault.err)
	}
	return fmt.Errorf("row %d, column %q: %w", before+fault.row+1, s.read.header[fault.column], fault.err)
}
