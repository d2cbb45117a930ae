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
	return get[Whitelabels](ctx, c, "whitelabels", "whitelabels", nil)
}

// validate finds what encoding/json lets pass.
func (w Whitelabels) validate() error {
	for i := range w {
		if w[i].ID == 0 {
			return fmt.Errorf("whitelabel %d of %d has no whitelabelid", i+1, len(w))
		}
	}
	return nil
}
