package locuskit

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/janpfeifer/gonb/gonbui"

	"locuslab/locuskit/internal/sheet"
)

// Whitelabels is a list that shows as a table.
type Whitelabels []Whitelabel

// Connections is a list that shows as a table of thirteen columns.
type Connections []Connection

// Show displays values: those that have HTML as a table in a notebook, all
// others, and all in a terminal, as text on standard output. In a notebook it
// returns when the front end has them, so that what is printed next stands below.
//
//	locuskit.Show(conns[:5])
func Show(values ...any) {
	for _, v := range values {
		if h, ok := v.(interface{ HTML() string }); ok && gonbui.IsNotebook {
			gonbui.DisplayHTML(h.HTML())
			gonbui.Sync()
			continue
		}
		fmt.Fprintln(os.Stdout, v)
	}
}

// HTML returns the list as a table.
func (w Whitelabels) HTML() string { return w.sheet().HTML() }

// String returns the list as aligned text.
func (w Whitelabels) String() string { return w.sheet().Text() }

func (w Whitelabels) sheet() sheet.Sheet {
	return sheet.Sheet{
		Columns: []string{"whitelabelid", "company"},
		Numeric: []bool{true, false},
		Rows:    len(w),
		Row:     func(i int) []string { return []string{strconv.Itoa(w[i].ID), w[i].Company} },
	}
}

// HTML returns the list as a table; of a long one the first and last five.
func (c Connections) HTML() string { return c.sheet().HTML() }

// String returns the list as aligned text; of a long one the first and last five.
func (c Connections) String() string { return c.sheet().Text() }

func (c Connections) sheet() sheet.Sheet {
	return sheet.Sheet{
		Columns: []string{"id", "set_id", "set_name", "columns", "whitelabel", "customer", "type", "name",
			"created", "updated", "last_sync", "is_syncing", "records"},
		Numeric: []bool{true, true, false, false, true, true, false, false, false, false, false, false, true},
		Rows:    len(c),
		Row: func(i int) []string {
			r := c[i]
			return []string{strconv.Itoa(r.ID), strconv.Itoa(r.SetID), r.SetName, string(r.Columns),
				strconv.Itoa(r.Whitelabel), strconv.Itoa(r.Customer), r.Type, r.Name,
				stamp(r.Created), stamp(r.Updated), stamp(r.LastSync),
				strconv.FormatBool(r.IsSyncing), strconv.Itoa(r.Records)}
		},
	}
}

// stamp writes a time as the service does, milliseconds included.
func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }
