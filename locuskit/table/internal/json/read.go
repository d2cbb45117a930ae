// Package json reads and writes columns as JSON, a list of objects or one a line. It finds what columns hold as package csv
// does, and knows no tables.
package json

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"locuslab/locuskit/internal/jsontext"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/reading"
	"locuslab/locuskit/table/internal/utf8text"
)

// Parse reads a text.
func Parse(ctx context.Context, told reading.Options, r io.Reader) (column.Frame, error) {
	if err := told.NoCSV("JSON"); err != nil {
		return column.Frame{}, err
	}
	if err := told.CheckKinds(); err != nil {
		return column.Frame{}, err
	}
	r, err := utf8text.Decode(r, told.Encoding)
	if err != nil {
		return column.Frame{}, err
	}
	rows := &jsonRows{told: told, byName: make(map[string]*jsonColumn)}
	rows.bound.from = jsontext.NewReader(bufio.NewReaderSize(r, 1<<16))
	d := json.NewDecoder(&rows.bound)
	d.UseNumber()
	first, err := d.Token()
	if errors.Is(err, io.EOF) {
		return column.Frame{}, errors.New("it is empty: a list of objects was expected")
	}
	if err != nil {
		return column.Frame{}, err
	}
	switch first {
	case json.Delim('['):
		for d.More() {
			if err := rows.object(ctx, d, true); err != nil {
				return column.Frame{}, err
			}
		}
		if _, err := d.Token(); err != nil {
			return column.Frame{}, fmt.Errorf("after row %d: the list is not closed: %w", rows.n, cutShort(err))
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return column.Frame{}, fmt.Errorf("after row %d: there is more behind the list's end", rows.n)
		}
	case json.Delim('{'):
		for more := false; ; more = true {
			if err := rows.object(ctx, d, more); errors.Is(err, io.EOF) && more {
				break
			} else if err != nil {
				return column.Frame{}, err
			}
		}
	default:
		return column.Frame{}, fmt.Errorf("it starts with %v: a list of objects was expected", first)
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
	told   reading.Options
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
	csv.Values
	last    int  // row it got a value for, from 1
	number  bool // it holds numbers, as text
	ignored bool // it is not wanted
}

// object reads one row; open reports whether its brace is still to come. io.EOF
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
		c = &jsonColumn{Values: csv.Values{Name: name}, ignored: !r.told.Wants(name)}
		if k, asked := r.told.Kinds[name]; asked && !c.ignored {
			c.begin(k)
			c.Asked = true
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
	if c.Kind == 0 {
		k, number := kindOfJSON(raw)
		c.begin(k)
		c.number = number && k == column.String
	}
	for c.N < r.n-1 {
		c.AddNull()
	}
	return c.put(raw)
}

// begin makes a column, of which only nulls were met, one of a kind.
func (c *jsonColumn) begin(k column.Kind) {
	c.Kind = k
	if k == column.String {
		c.Dict = column.NewDictionaryBuilder()
	}
}

// kindOfJSON returns the kind that holds a value alone, and whether it is a number.
func kindOfJSON(raw json.RawMessage) (k column.Kind, number bool) {
	switch c := raw[0]; {
	case c == 't' || c == 'f':
		return column.Bool, false
	case c == '-' || c >= '0' && c <= '9':
		return csv.EvidenceOf(raw, csv.Unknown).Kind, true
	}
	return column.String, false
}

// put appends a value, making a column of ints one of floats or text where it must.
func (c *jsonColumn) put(raw json.RawMessage) error {
	kind, number := kindOfJSON(raw)
	numbers := c.Kind == column.Int || c.Kind == column.Float || c.number
	switch {
	case c.Asked:
	case number != numbers, !numbers && kind != c.Kind:
		return fmt.Errorf("%.60s is not %s, as the values before it are: table.Kinds{%q: table.String} reads all of them as text", raw, c.article(), c.Name)
	case c.Kind == column.Int && kind == column.Float && !c.Long:
		c.widen()
	case c.Kind == column.Int && kind != column.Int:
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
	if !c.Add(value) {
		if c.Asked || c.Kind != column.Float {
			return fmt.Errorf("%s is not %s that can be held", raw, column.Article(c.Kind))
		}
		return fmt.Errorf("%s is not a number that a column of floats holds: read the column as text by table.Kinds", raw)
	}
	return nil
}

func (c *jsonColumn) article() string {
	if c.number {
		return "a number"
	}
	return column.Article(c.Kind)
}

// widen makes floats of ints.
func (c *jsonColumn) widen() {
	c.Kind = column.Float
	c.Floats = make([]float64, len(c.Ints))
	for i, v := range c.Ints {
		c.Floats[i] = float64(v)
	}
	c.Ints = nil
}

// spell makes text of ints, beside which there is a number that no column of ints or floats
// holds without loss.
func (c *jsonColumn) spell() {
	ints, nulls := c.Ints, c.Nulls
	c.Ints, c.number = nil, true
	c.begin(column.String)
	for i, v := range ints {
		if len(nulls) > 0 && nulls[0] == i {
			c.Codes, nulls = append(c.Codes, 0), nulls[1:]
			continue
		}
		c.Codes = append(c.Codes, c.Dict.Add(strconv.FormatInt(v, 10)))
	}
}

func (r *jsonRows) table() (column.Frame, error) {
	wanted, err := r.told.Choose(r.names)
	if err != nil {
		return column.Frame{}, err
	}
	cols := make([]*column.Column, len(wanted))
	var notes []string
	for k, i := range wanted {
		c := r.byName[r.names[i]]
		if c.Kind == 0 {
			c.begin(column.String)
		}
		for c.N < r.n {
			c.AddNull()
		}
		if c.Dict != nil && c.Dict.Full {
			return column.Frame{}, column.ErrDictionaryFull(c.Name)
		}
		if c.number {
			notes = append(notes, fmt.Sprintf("column %q is text: some of its numbers would not be the same as int or float", c.Name))
		}
		cols[k] = c.Column()
		cols[k].Exact = true
	}
	return column.Frame{Columns: cols, Rows: r.n, Notes: notes}, nil
}
