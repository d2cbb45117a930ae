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
	return get(ctx, c, whitelabelsAsked)
}

var whitelabelsAsked = question[Whitelabels]{what: "whitelabels", path: "whitelabels", read: func(text []byte) (Whitelabels, error) {
	list, err := listOf[Whitelabels]("whitelabel", (*sentWhitelabel).whitelabel)(text)
	seen := make(map[int]bool, len(list))
	for _, w := range list {
		if seen[w.ID] { // its connections would be fetched twice
			return nil, unexpected("whitelabel %d is there twice", w.ID)
		}
		seen[w.ID] = true
	}
	return list, err
}}

// sentWhitelabel is a [Whitelabel] as the service sends it.
type sentWhitelabel struct {
	ID      *int             `json:"whitelabelid"`
	Company optional[string] `json:"company"`
}

func (s *sentWhitelabel) whitelabel() (Whitelabel, error) {
	return Whitelabel{*s.ID, s.Company.value}, nil
}
