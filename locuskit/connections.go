package locuskit

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Connection is a customer's data set that is kept in step with its source. ID, Whitelabel and Records are what the
// service sent; of the others, which describe it, one that the service left out is zero or empty.
type Connection struct {
	ID         int       `json:"id"`
	SetID      int       `json:"set_id"`
	SetName    string    `json:"set_name"`
	Columns    Columns   `json:"columns"`
	Whitelabel int       `json:"whitelabel"` // its Whitelabel's ID
	Customer   int       `json:"customer"`
	Type       string    `json:"type"` // of the source, such as "google sheet"
	Name       string    `json:"name"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated"`
	LastSync   time.Time `json:"last_sync"`
	IsSyncing  bool      `json:"is_syncing"`
	Records    int       `json:"records"` // rows of the data set
}

// Columns describes the columns of a connection as the service sent them, white space apart: a
// JSON object of a name each. It stays JSON because most callers never look into
// it, and parsing it would be most of the cost of a fetch.
type Columns = json.RawMessage

// Connections fetches the connections of each whitelabel, one request after
// another, and returns them in order of the whitelabels. The first
// error ends the fetch and names the whitelabel.
func (c *Client) Connections(ctx context.Context, whitelabels []Whitelabel, opts ...FetchOption) (Connections, error) {
	return c.connections(ctx, whitelabels, c.sequential(opts), connectionsOf)
}

// ConnectionsParallel is Connections with several requests at a time, 8 unless
// [Workers] says otherwise: the same connections in the same order. The first
// error cancels the requests under way.
func (c *Client) ConnectionsParallel(ctx context.Context, whitelabels []Whitelabel, opts ...FetchOption) (Connections, error) {
	return c.connections(ctx, whitelabels, c.parallel(opts), connectionsOf)
}

func (c *Client) connections(ctx context.Context, whitelabels []Whitelabel, f fetch, of func(Whitelabel) question[Connections]) (Connections, error) {
	lists, err := collect(ctx, c, "connections", whitelabels, f, of)
	return slices.Concat(lists...), err
}

// connectionsOf asks for those of one whitelabel, and takes no other's.
func connectionsOf(w Whitelabel) question[Connections] { return connectionsWith(w) }

// connectionsWith is connectionsOf where fields that a connection may lack are needed.
func connectionsWith(w Whitelabel, needed ...string) question[Connections] {
	read := listOf[Connections]("connection", (*sentConnection).connection, needed...)
	return question[Connections]{
		what: "connections of " + w.String(), path: "connections", query: url.Values{"whitelabel": {strconv.Itoa(w.ID)}},
		read: func(text []byte) (Connections, error) {
			list, err := read(text)
			if err != nil {
				return nil, err
			}
			seen := make(map[int]bool, len(list))
			for i := range list {
				switch {
				case list[i].Whitelabel != w.ID:
					return nil, unexpected("connection %d is of whitelabel %d", list[i].ID, list[i].Whitelabel)
				case seen[list[i].ID]:
					return nil, unexpected("connection %d is there twice", list[i].ID)
				}
				seen[list[i].ID] = true
			}
			return list, nil
		},
	}
}

// sentConnection is a [Connection] as the service sends it.
type sentConnection struct {
	ID         *int                `json:"id"`
	SetID      optional[int]       `json:"set_id"`
	SetName    optional[string]    `json:"set_name"`
	Columns    optional[Columns]   `json:"columns"`
	Whitelabel *int                `json:"whitelabel"`
	Customer   optional[int]       `json:"customer"`
	Type       optional[string]    `json:"type"`
	Name       optional[string]    `json:"name"`
	Created    optional[time.Time] `json:"created"`
	Updated    optional[time.Time] `json:"updated"`
	LastSync   optional[time.Time] `json:"last_sync"`
	IsSyncing  optional[bool]      `json:"is_syncing"`
	Records    *int                `json:"records"`
}

func (s *sentConnection) connection() (Connection, error) {
	return Connection{
		ID: *s.ID, SetID: s.SetID.value, SetName: s.SetName.value, Columns: compact(s.Columns.value),
		Whitelabel: *s.Whitelabel, Customer: s.Customer.value, Type: s.Type.value, Name: s.Name.value,
		Created: s.Created.value, Updated: s.Updated.value, LastSync: s.LastSync.value,
		IsSyncing: s.IsSyncing.value, Records: *s.Records,
	}, nil
}

// compact is valid JSON without white space between its parts.
func compact(text json.RawMessage) json.RawMessage {
	if !bytes.ContainsAny(text, " \t\r\n") {
		return text
	}
	var b bytes.Buffer
	b.Grow(len(text))
	if err := json.Compact(&b, text); err != nil || b.Len() == len(text) {
		return text
	}
	return b.Bytes()
}
