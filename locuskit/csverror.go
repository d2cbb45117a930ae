package locuskit

import (
	"fmt"

	"locuslab/locuskit/internal/csvtext"
)

// csvMisfit is a value that is not of the kind its column was taken for.
type csvMisfit struct {
	column int
	row    int // in its block, from 0
	text   string
	kind   Kind
}

func (m *csvMisfit) Error() string { return fmt.Sprintf("%q is not %s", m.text, article(m.kind)) }

func article(k Kind) string {
	if k == Int {
		return "an int"
	}
	return "a " + k.String()
}

// csvRagged is a record with the wrong number of fields.
type csvRagged struct{ row, have, want int }

func (r *csvRagged) Error() string {
	return fmt.Sprintf("the row has %d fields and the header %d", r.have, r.want)
}

// csvBadQuote is a quoted field that does not end, or with text behind its closing quote.
type csvBadQuote struct {
	column, row int
	open        bool
}

func (q *csvBadQuote) Error() string {
	if q.open {
		return "a quote is opened and not closed"
	}
	return "text follows the closing quote of a field: a quote inside a quoted field is written twice"
}

// csvNotUTF8 is a text that is not UTF-8, which all strings of tables are.
type csvNotUTF8 struct {
	column, row int
	text        string
}

func (n *csvNotUTF8) Error() string { return fmt.Sprintf("%q %v", n.text, csvtext.ErrNotUTF8) }
