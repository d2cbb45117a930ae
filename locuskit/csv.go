package locuskit

import (
	"context"
	"fmt"
	"io"
	"sync"

	"locuslab/locuskit/internal/numtext"
)

// Kinds says what columns of a text file hold, by name, where the reader is not
// to find out.
type Kinds map[string]Kind

func (k Kinds) applyTable(e *execution) { e.kinds = k }

// ReadCSV reads a file of comma-separated values with a header line, RFC 4180
// with \n or \r\n, as it is or compressed by gzip. What a column holds is found from the first MiB, and widened
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
	f, err := openText(path)
	if err != nil {
		return Table{}, fmt.Errorf("read CSV %s: %w", path, err)
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

// Separator sets what separates the fields of a text file in place of the comma: ';', a
// tab or any other ASCII character but quotes, line ends, digits and letters.
type Separator byte

func (s Separator) applyTable(e *execution) { e.separator = byte(s) }

// widened is the narrowest kind that holds a column of kind k and text too.
func widened(k Kind, text string) Kind {
	if _, ok := numtext.ParseFloat([]byte(text)); ok && k == Int {
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
