package table

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"locuslab/locuskit/internal/jsontext"
	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/utf8text"
)

// ReadJSON reads a file of JSON: a list of objects, or objects one after another
// (JSON Lines). It is streamed: beside the table only one object is in memory.
// The columns are the names met, in order of appearance; a name that an object
// lacks, and null, are nulls, and a column of nothing else is one of strings. Numbers
// are ints where all of a column are whole and fit, else floats, and text where that would
// make two of them equal (see [ReadCSV]); objects and lists within a row become their JSON
// text. [Only], [Except], [Kinds] and [Encoding] may be among opts.
// A text that is not UTF-8, or holds half of a surrogate pair, is an error, as all texts of tables are UTF-8.
// An error names file, row (from 1) and column.
func ReadJSON(ctx context.Context, path string, opts ...Option) (Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return Table{}, fmt.Errorf("read JSON: %w", err)
	}
	defer f.Close()
	return ParseJSON(ctx, f, path, opts...)
}

// ParseJSON is [ReadJSON] from a stream, which source names in errors.
func ParseJSON(ctx context.Context, r io.Reader, source string, opts ...Option) (Table, error) {
	t, err := parseJSON(ctx, with(exec.Run{}, opts).read, r)
	if err != nil {
		return Table{}, fmt.Errorf("read JSON %s: %w", source, err)
	}
	return t, nil
}

func parseJSON(ctx context.Context, told reading, r io.Reader) (Table, error) {
	if err := told.noCSV("JSON"); err != nil {
		return Table{}, err
	}
	r, err := utf8text.Decode(r, told.encoding)
	if err != nil {
		return Table{}, err
	}
	rows := &jsonRows{told: told, byName: make(map[string]*jsonColumn)}
	rows.bound.from = jsontext.NewReader(bufio.NewReaderSize(r, 1<<16))
	d := json.NewDecoder(&rows.bound)
	d.UseNumber()
	first, err := d.Token()
	if errors.Is(err, io.EOF) {
		return Table{}, errors.New("it is empty: a list of objects was expected")
	}
	if err != nil {
		return Table{}, err
	}
	switch first {
	case json.Delim('['):
		for d.More() {
			if err := rows.object(ctx, d, true); err != nil {
				return Table{}, err
			}
		}
		if _, err := d.Token(); err != nil {
			return Table{}, fmt.Errorf("after row %d: the list is not closed: %w", rows.n, cutShort(err))
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return Table{}, fmt.Errorf("after row %d: there is more behind the list's end", rows.n)
		}
	case json.Delim('{'):
		for more := false; ; more = true {
			if err := rows.object(ctx, d, more); errors.Is(err, io.EOF) && more {
				break
			} else if err != nil {
				return Table{}, err
			}
		}
	default:
		return Table{}, fmt.Errorf("it starts with %v: a list of objects was expected", first)
	}
	return rows.table()
}

// cutShort tells an end in the middle from one between values.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// jsonRows gathers columns whose kinds are found as they come.
type jsonRows struct {
	bound  valueBound
	told   reading
	n      int
	names  []string
	byName map[string]*jsonColumn
}

// valueBound ends a text one of whose values has no end: it would be gathered until the memory is full.
type valueBound struct {
	from       io.Reader
	read, done int64 // bytes: so far, and up to the end of the last value
}

// mostOfValue is the most bytes of one value.
const mostOfValue = 256 << 20

// Read implements [io.Reader].
func (b *valueBound) Read(p []byte) (int, error) {
	if b.read-b.done > mostOfValue {
		return 0, fmt.Errorf("a value that begins at byte %d, or later, does not end within %d MiB", b.done, mostOfValue>>20)
	}
	n, err := b.from.Read(p)
	b.read += int64(n)
	return n, err
}

type jsonColumn struct {
	csvColumn
	last    int  // row it got a value for, from 1
	number  bool // it holds numbers, as text
	ignored bool // it is not wanted
}

// object reads one row; open says whether its brace is still to come. io.EOF
// means that there was none.
func (r *jsonRows) object(ctx context.Context, d *json.Decoder, open bool) error {
	if r.n%1024 == 0 && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if open {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", r.n+1, err)
		}
		if t != json.Delim('{') {
			return fmt.Errorf("row %d: it is %v where an object was expected", r.n+1, t)
		}
	}
	r.n++
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("row %d: %w", r.n, cutShort(err))
		}
		if err := r.field(d, name.(string)); err != nil {
			return fmt.Errorf("row %d, column %q: %w", r.n, name, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("row %d: %w", r.n, cutShort(err))
	}
	return nil
}

func (r *jsonRows) field(d *json.Decoder, name string) error {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return cutShort(err)
	}
	r.bound.done = d.InputOffset()
	c := r.byName[name]
	if c == nil {
		c = &jsonColumn{csvColumn: csvColumn{name: name}, ignored: !r.told.wants(name)}
		if k, asked := r.told.kinds[name]; asked && !c.ignored {
			c.begin(k)
			c.asked = true
		}
		r.byName[name] = c
		r.names = append(r.names, name)
	}
	if c.last == r.n {
		return errors.New("the object has it twice")
	}
	c.last = r.n
	if c.ignored || string(raw) == "null" {
		return nil
	}
	if c.kind == 0 {
		k, number := kindOfJSON(raw)
		c.begin(k)
		c.number = number && k == column.String
	}
	for c.n < r.n-1 {
		c.addNull()
	}
	return c.put(raw)
}

// begin makes a column, of which only nulls were met, one of a kind.
func (c *jsonColumn) begin(k column.Kind) {
	c.kind = k
	if k == column.String {
		c.dict = column.NewDictionaryBuilder()
	}
}

// kindOfJSON is the kind that holds a value alone, and whether it is a number.
func kindOfJSON(raw json.RawMessage) (k column.Kind, number bool) {
	switch c := raw[0]; {
	case c == 't' || c == 'f':
		return column.Bool, false
	case c == '-' || c >= '0' && c <= '9':
		return evidenceOf(raw, unknown).kind, true
	}
	return column.String, false
}

// put appends a value, making a column of ints one of floats or text where it must.
func (c *jsonColumn) put(raw json.RawMessage) error {
	kind, number := kindOfJSON(raw)
	numbers := c.kind == column.Int || c.kind == column.Float || c.number
	switch {
	case c.asked:
	case number != numbers, !numbers && kind != c.kind:
		return fmt.Errorf("%s is not %s, as the values before it are", raw, c.article())
	case c.kind == column.Int && kind == column.Float && !c.long:
		c.widen()
	case c.kind == column.Int && kind != column.Int:
		c.spell()
	}
	value := []byte(raw)
	if raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		value = []byte(s)
	}
	if !c.add(value) {
		if c.asked || c.kind != column.Float {
			return fmt.Errorf("%s is not %s that can be held", raw, column.Article(c.kind))
		}
		return fmt.Errorf("%s is not a number that a column of floats holds: read the column as text by table.Kinds", raw)
	}
	return nil
}

func (c *jsonColumn) article() string {
	if c.number {
		return "a number"
	}
	return column.Article(c.kind)
}

// widen makes floats of ints.
func (c *jsonColumn) widen() {
	c.kind = column.Float
	c.floats = make([]float64, len(c.ints))
	for i, v := range c.ints {
		c.floats[i] = float64(v)
	}
	c.ints = nil
}

// spell makes text of ints, beside which there is a number that no column of ints or floats
// holds without loss.
func (c *jsonColumn) spell() {
	ints, nulls := c.ints, c.nulls
	c.ints, c.number = nil, true
	c.begin(column.String)
	for i, v := range ints {
		if len(nulls) > 0 && nulls[0] == i {
			c.codes, nulls = append(c.codes, 0), nulls[1:]
			continue
		}
		c.codes = append(c.codes, c.dict.Add(strconv.FormatInt(v, 10)))
	}
}

func (r *jsonRows) table() (Table, error) {
	wanted, err := r.told.choose(r.names)
	if err != nil {
		return Table{}, err
	}
	cols := make([]*column.Column, len(wanted))
	var notes []string
	for k, i := range wanted {
		c := r.byName[r.names[i]]
		if c.kind == 0 {
			c.begin(column.String)
		}
		for c.n < r.n {
			c.addNull()
		}
		if c.dict != nil && c.dict.Full {
			return Table{}, column.ErrDictionaryFull(c.name)
		}
		if c.number {
			notes = append(notes, fmt.Sprintf("column %q is text: some of its numbers would not be the same as int or float", c.name))
		}
		cols[k] = c.column()
		cols[k].Exact = true
	}
	t, err := newTable(cols)
	t.rows, t.notes = r.n, notes
	return t, err
}

// column is what was gathered, as a column of a table.
func (c *csvColumn) column() *column.Column {
	out := &column.Column{Name: c.name, Kind: c.kind, N: c.n, Ints: c.ints, Floats: c.floats, Bools: c.bools, Codes: c.codes}
	switch c.kind {
	case column.Int:
		out.Stats = new(column.IntStats)
	case column.String:
		if c.diverse {
			out.Views, out.Plain = c.views, &column.PlainText{Text: c.text}
		} else {
			out.Dict = c.dict.Build()
		}
	case unknown: // nulls alone
		out.Kind, out.Codes, out.Dict = column.String, make([]int32, c.n), column.NewDictionaryBuilder().Build()
	}
	for _, row := range c.nulls {
		if out.Valid == nil {
			out.Valid = column.FullBitmap(c.n)
		}
		column.ClearBit(out.Valid, row)
	}
	return out
}

// WriteJSON writes the table as a list of objects, one a line. A null is null;
// NaN and infinities, which JSON does not have, are errors that name the place.
func (t Table) WriteJSON(ctx context.Context, w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	names := make([]string, len(t.cols))
	for i, c := range t.cols {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return fmt.Errorf("write JSON: column %q: %w", c.Name, err)
		}
		names[i] = string(name)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString("[")
	for i := range t.rows {
		if i%4096 == 0 && ctx.Err() != nil {
			return fmt.Errorf("write JSON: at row %d: %w", i+1, context.Cause(ctx))
		}
		fields := make([]string, len(t.cols))
		for k, c := range t.cols {
			value := c.Value(i)
			if c.Instants && value != nil {
				value = c.Text(i) // as other formats have it
			}
			v, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("write JSON: row %d, column %q: %w", i+1, c.Name, err)
			}
			fields[k] = names[k] + ":" + string(v)
		}
		if i > 0 {
			out.WriteString(",\n")
		}
		out.WriteString("{" + strings.Join(fields, ",") + "}")
	}
	out.WriteString("]\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// SaveJSON writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveJSON(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteJSON(ctx, w) })
}
