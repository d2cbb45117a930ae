package locuskit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
)

// Kinds says what columns of a text file hold, by name, where the reader is not
// to find out.
type Kinds map[string]Kind

func (k Kinds) applyTable(e *execution) { e.kinds = k }

// ReadCSV reads a file of comma-separated values with a header line, RFC 4180
// with \n or \r\n. What a column holds is found from the first MiB, and widened
// (int, float, string) where a later value does not fit, at the price of
// reading again; [Kinds] sets it. An empty field is a null, "" in quotes an
// empty string. An error names file, row (from 1, the header not counted) and
// column.
//
// Cost: the table, its blocks of parsed columns until they are put together,
// and a block of 1 MiB per worker.
func ReadCSV(ctx context.Context, path string, opts ...TableOption) (Table, error) {
	return readCSVFile(execution{ctx: ctx}.with(opts).sequential(), path)
}

// ReadCSVParallel is [ReadCSV] on several goroutines.
func ReadCSVParallel(ctx context.Context, path string, opts ...TableOption) (Table, error) {
	return readCSVFile(execution{ctx: ctx}.parallel(opts), path)
}

// ParseCSV is [ReadCSVParallel] from a stream, which source names in errors. A
// stream cannot be read again: a value that does not fit what the first MiB
// showed is an error, unless r is an io.Seeker.
func ParseCSV(ctx context.Context, r io.Reader, source string, opts ...TableOption) (Table, error) {
	return parseCSVStream(execution{ctx: ctx}.parallel(opts), r, source)
}

func readCSVFile(e execution, path string) (Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return Table{}, fmt.Errorf("read CSV: %w", err)
	}
	defer f.Close()
	return parseCSVStream(e, f, path)
}

func parseCSVStream(e execution, r io.Reader, source string) (Table, error) {
	kinds := make(map[string]Kind)
	for {
		blocks, err := csvTable(e, r, source, kinds)
		if err == nil {
			return blocks.table(e)
		}
		seeker, can := r.(io.Seeker)
		wider, again := blocks.widen(e, kinds, err)
		if !again || !can {
			return Table{}, err
		}
		kinds = wider
		if _, err := seeker.Seek(0, io.SeekStart); err != nil {
			return Table{}, fmt.Errorf("read CSV %s again from its start: %w", source, err)
		}
	}
}

// widened is the narrowest kind that holds a column of kind k and text too.
func widened(k Kind, text string) Kind {
	if _, ok := parseFloat([]byte(text)); ok && k == Int {
		return Float
	}
	return String
}

// csvRead is a CSV text as parsed blocks.
type csvRead struct {
	source string
	header []string
	only   map[string]bool // columns that are wanted; nil: all
	blocks [][]*csvColumn
	rows   []int
}

// csvTable parses all blocks.
func csvTable(e execution, r io.Reader, source string, kinds map[string]Kind) (*csvRead, error) {
	out := &csvRead{source: source}
	var mu sync.Mutex
	err := scanCSV(e, r, source, kinds, out, func(number int, cols []*csvColumn, rows int) error {
		mu.Lock()
		defer mu.Unlock()
		for len(out.blocks) <= number {
			out.blocks, out.rows = append(out.blocks, nil), append(out.rows, 0)
		}
		out.blocks[number], out.rows[number] = cols, rows
		return nil
	})
	return out, err
}

// scanCSV parses a CSV text block by block, several at a time, and gives each to
// take, which may be called from several goroutines at once. It sets out.header.
func scanCSV(e execution, r io.Reader, source string, kinds map[string]Kind, out *csvRead, take func(number int, cols []*csvColumn, rows int) error) error {
	const comma = ','
	if err := e.cancelled(); err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	in := &csvBlocks{r: r, comma: comma}
	first, buf, err := in.next(nil)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("read CSV %s: the file is empty: a header line with the names of the columns was expected", source)
	}
	if err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	header, start, err := csvHeader(first.text, comma)
	if err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}
	out.header = header
	first.text = first.text[start:]
	types := inferKinds(first.text, header, comma, e.kinds, kinds)
	if err := out.leaveOut(types); err != nil {
		return fmt.Errorf("read CSV %s: %w", source, err)
	}

	s := &csvScan{run: e, in: in, header: header, kinds: types, comma: comma, take: take, rows: map[int]int{}}
	m := e.meter("bytes of "+source, sizeOf(r))
	defer m.close()
	one := s.worker()
	s.block(first, one)
	workers := max(1, e.workers)
	if errors.Is(in.err, io.EOF) {
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
			var text csvText
			var err error
			text, own, err = in.next(own)
			if err != nil {
				if !errors.Is(err, io.EOF) {
					s.fail(text.number, err)
				}
				return
			}
			s.block(text, dicts)
			m.add(len(text.text))
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
	in     *csvBlocks
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
		}
	}
	return dicts
}

// block parses one block.
func (s *csvScan) block(text csvText, dicts []*dictionaryBuilder) {
	cols := make([]*csvColumn, len(s.header))
	most := bytes.Count(text.text, []byte{'\n'})
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
	rows, err := parseCSV(text.text, s.comma, cols)
	s.mu.Lock()
	s.rows[text.number] = rows
	s.mu.Unlock()
	if err == nil {
		for _, c := range cols {
			if c.dict != nil && c.dict.full {
				err = errDictionaryFull(c.name)
			}
		}
	}
	if err == nil {
		err = s.take(text.number, cols, rows)
	}
	if err != nil {
		s.fail(text.number, err)
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
	switch {
	case errors.As(s.err, &misfit):
		return fmt.Errorf("read CSV %s: row %d, column %q: %w (the column was taken for %s; locuskit.Kinds sets it)",
			source, before+misfit.row+1, s.header[misfit.column], s.err, misfit.kind)
	case errors.As(s.err, &ragged):
		return fmt.Errorf("read CSV %s: row %d: %w", source, before+ragged.row+1, s.err)
	case errors.As(s.err, &quote):
		return fmt.Errorf("read CSV %s: row %d, column %q: %w", source, before+quote.row+1, s.header[quote.column], s.err)
	}
	return fmt.Errorf("read CSV %s: after row %d: %w", source, before, s.err)
}

// csvHeader is the names in the first line, and where the first row starts.
func csvHeader(text []byte, comma byte) ([]string, int, error) {
	start := 0
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		start = 3 // a byte order mark, as spreadsheets write it
	}
	var names []string
	for i := start; ; {
		end, value, ok := csvField(text, i, comma)
		if !ok {
			return nil, 0, errors.New("header: a quote is not closed, or text follows the closing quote of a name")
		}
		if text[i] == '"' {
			value = unquote(value)
		}
		name := string(value)
		if slices.Contains(names, name) {
			return nil, 0, fmt.Errorf("header: two columns are named %q: rename one in the file", name)
		}
		names = append(names, name)
		if text[end] == '\r' && end+1 < len(text) {
			end++
		}
		if text[end] == '\n' {
			return names, end + 1, nil
		}
		i = end + 1
	}
}

// inferKinds finds the narrowest kinds that hold every value of a block.
func inferKinds(text []byte, header []string, comma byte, given, wider map[string]Kind) []Kind {
	kinds := make([]Kind, len(header))
	column := 0
	for i := 0; i < len(text); {
		end, value, _ := csvField(text, i, comma)
		if column < len(kinds) && len(value) > 0 {
			kinds[column] = narrowest(kinds[column], value)
		}
		column++
		if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
			end++
		}
		if text[end] == '\n' {
			column = 0
		}
		i = end + 1
	}
	for i, name := range header {
		if kinds[i] == 0 {
			kinds[i] = String
		}
		if k, ok := wider[name]; ok {
			kinds[i] = k
		}
		if k, ok := given[name]; ok {
			kinds[i] = k
		}
	}
	return kinds
}

// narrowest is the narrowest kind of a value and of those before it, which k (0:
// none) holds.
func narrowest(k Kind, value []byte) Kind {
	if k == String {
		return k
	}
	if k == 0 || k == Int {
		if _, ok := parseInt(value); ok {
			return Int
		}
	}
	if k == 0 || k == Int || k == Float {
		if _, ok := parseFloat(value); ok {
			return Float
		}
	}
	if k == 0 || k == Bool {
		if _, ok := parseBool(value); ok {
			return Bool
		}
	}
	return String
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
