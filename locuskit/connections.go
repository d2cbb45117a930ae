package locuskit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Connection is a customer's data set that is kept in step with its source.
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
	return c.connections(ctx, whitelabels, c.sequential(opts))
}

// ConnectionsParallel is Connections with several requests at a time, 8 unless
// [Workers] says otherwise: the same connections in the same order. The first
// error cancels the requests under way.
func (c *Client) ConnectionsParallel(ctx context.Context, whitelabels []Whitelabel, opts ...FetchOption) (Connections, error) {
	return c.connections(ctx, whitelabels, c.parallel(opts))
}

func (c *Client) connections(ctx context.Context, whitelabels []Whitelabel, f fetch) (Connections, error) {
	lists, err := collect(ctx, "connections", whitelabels, f, c.connectionsOf)
	return slices.Concat(lists...), err
}

// connectionsOf asks for one whitelabel.
func (c *Client) connectionsOf(ctx context.Context, w Whitelabel) (Connections, error) {
	return get[Connections](ctx, c, "connections of "+w.String(), "connections", url.Values{"whitelabel": {strconv.Itoa(w.ID)}})
}

// validate finds what encoding/json lets pass, and takes the white space out of the columns, so that they are
// the same when they come from a checkpoint.
func (c Connections) validate() error {
	for i := range c {
		if c[i].ID == 0 {
			return fmt.Errorf("connection %d of %d has no id", i+1, len(c))
		}
		c[i].Columns = compact(c[i].Columns)
	}
	return nil
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
