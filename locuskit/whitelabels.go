package locuskit

import (
	"context"
	"fmt"
)

// Whitelabel is a company under whose name the service is sold.
type Whitelabel struct {
	ID      int    `json:"whitelabelid"`
	Company string `json:"company"`
}

func (w Whitelabel) String() string { return fmt.Sprintf("whitelabel %d (%s)", w.ID, w.Company) }

// Whitelabels lists the whitelabels that the token may see, in order of id.
// It costs one request; the path is this project's own.
func (c *Client) Whitelabels(ctx context.Context) (Whitelabels, error) {
	var list Whitelabels
	if err := c.get(ctx, "whitelabels", "whitelabels", nil, &list); err != nil {
		return nil, err
	}
	return list, nil
}
