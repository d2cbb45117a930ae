package locustest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Connection is one entry of the answer to GET /connections: a customer's data
// set that is kept in step with its source. Its thirteen fields are the
// tutorial's thirteen columns.
type Connection struct {
	ID         int             `json:"id"`
	SetID      int             `json:"set_id"`
	SetName    string          `json:"set_name"`
	Columns    json.RawMessage `json:"columns"` // name -> column; in the source's order
	Whitelabel int             `json:"whitelabel"`
	Customer   int             `json:"customer"`
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	Created    string          `json:"created"`
	Updated    string          `json:"updated"`
	LastSync   string          `json:"last_sync"`
	IsSyncing  bool            `json:"is_syncing"`
	Records    int             `json:"records"`
}

// column is one value of Connection.Columns.
type column struct {
	Hash        bool   `json:"hash"`
	Type        string `json:"type"`
	Description string `json:"description"`
}

// columns writes the JSON object by hand because encoding/json sorts maps and
// the order of a source's columns means something.
func columns(names []string, cols []column) json.RawMessage {
	var b strings.Builder
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		value, err := json.Marshal(cols[i])
		if err != nil {
			panic(err) // a struct of strings and a bool always encodes
		}
		fmt.Fprintf(&b, "%s:%s", strconv.Quote(name), value)
	}
	b.WriteByte('}')
	return json.RawMessage(b.String())
}

func sheetColumns(typ string) json.RawMessage {
	return columns([]string{"col_1", "col_2"},
		[]column{{Type: typ, Description: "first column"}, {Type: "string", Description: "second column"}})
}

// firstConnections are the tutorial's first five rows, all of whitelabel 1.
func firstConnections() []Connection {
	covid := columns([]string{"Row_ID", "Accurate_Episode_Date", "Age_Group", "Outcome1", "Reporting_PHU_City"},
		[]column{
			{Type: "Number", Description: "row number"},
			{Type: "Date", Description: "date the illness began"},
			{Type: "string", Description: "age by decade"},
			{Type: "string", Description: "resolved, active or fatal"},
			{Type: "string", Description: "city of the health unit"},
		})
	row := func(id, set int, name string, cols json.RawMessage, created, updated, sync string, records int) Connection {
		return Connection{ID: id, SetID: set, SetName: name, Columns: cols, Whitelabel: 1, Customer: 9324,
			Type: "google sheet", Name: name, Created: created, Updated: updated, LastSync: sync, Records: records}
	}
	return []Connection{
		row(1576, 122, "COVID Ontario", covid, "2021-01-21T19:48:09.099Z", "2021-01-21T19:52:42.148Z", "2021-01-21T19:52:42.153Z", 197152),
		row(1570, 120, "test gs2", sheetColumns("Number"), "2021-01-20T23:30:12.363Z", "2021-01-20T23:30:32.727Z", "2021-01-20T23:30:32.731Z", 5),
		row(1585, 123, "test new branch", sheetColumns("Number"), "2021-01-22T15:18:57.636Z", "2021-01-22T15:19:17.292Z", "2021-01-22T15:19:17.297Z", 5),
		row(1573, 121, "test gs string", sheetColumns("string"), "2021-01-21T15:30:02.203Z", "2021-01-21T17:03:09.559Z", "2021-01-21T17:03:09.564Z", 5),
		row(1569, 119, "test gs", sheetColumns("Number"), "2021-01-20T23:23:57.193Z", "2021-01-20T23:24:25.218Z", "2021-01-20T23:24:25.221Z", 5),
	}
}

const (
	firstOtherID   = 2000 // above every id of firstConnections
	mostPerLabel   = 40
	stampedLayout  = "2006-01-02T15:04:05.000Z"
	minutesPerYear = 365 * 24 * 60
)

var (
	sources  = []string{"google sheet", "csv upload", "s3 bucket", "sftp", "salesforce"}
	subjects = []string{"Store list", "Customer postal codes", "Loyalty members", "Weekly sales", "Campaign reach", "Delivery areas", "Survey answers", "Fleet stops"}
)

// connections lists what whitelabel id has: 0 to 40 connections, 20 in the
// mean, always the same ones.
func connections(id int) []Connection {
	n := int(mix(uint64(id)*3) % (mostPerLabel + 1))
	list := make([]Connection, 0, n+5)
	if id == 1 {
		list = append(list, firstConnections()...)
	}
	for j := range n {
		serial := firstOtherID + (id-1)*mostPerLabel + j
		r := mix(uint64(serial))
		subject := subjects[r%uint64(len(subjects))]
		created := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).
			Add(time.Duration(r>>8%minutesPerYear)*time.Minute + time.Duration(r>>20%60_000)*time.Millisecond)
		updated := created.Add(time.Duration(r>>30%20_000) * time.Second)
		list = append(list, Connection{
			ID: serial, SetID: serial - firstOtherID + 200, Whitelabel: id,
			SetName:  fmt.Sprintf("%s %d", subject, j+1),
			Name:     fmt.Sprintf("%s %d", subject, j+1),
			Columns:  sheetColumns([]string{"Number", "string"}[r>>3&1]),
			Customer: 9000 + id*7%1000,
			Type:     sources[r>>5%uint64(len(sources))],
			Created:  created.Format(stampedLayout), Updated: updated.Format(stampedLayout),
			LastSync:  updated.Add(5 * time.Millisecond).Format(stampedLayout),
			IsSyncing: r>>40%50 == 0,
			Records:   int(r >> 44 % 200_000),
		})
	}
	return list
}
