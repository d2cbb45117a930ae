package locuskit

import (
	"context"
	"encoding/json"
	"net/url"
)

// FeatureCollection is GeoJSON as maps take it (RFC 7946): it marshals to the
// document.
type FeatureCollection struct {
	Type     string    `json:"type"`
	Features []Feature `json:"features"`
}

// Feature is the outline of one postal code.
type Feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"` // geo_id is the postal code
	Geometry   Geometry       `json:"geometry"`
}

// Geometry is a Polygon or MultiPolygon; its coordinates, in degrees, longitude first, are kept as sent.
type Geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// GeoJSON fetches the outlines of postal codes, one request after another, and
// returns them in the codes' order. The path is this project's own.
func (c *Client) GeoJSON(ctx context.Context, codes []string, opts ...FetchOption) (FeatureCollection, error) {
	return c.geoJSON(ctx, codes, c.sequential(opts))
}

// GeoJSONParallel is GeoJSON with several requests at a time, 8 unless
// [Workers] says otherwise: the same features in the same order.
func (c *Client) GeoJSONParallel(ctx context.Context, codes []string, opts ...FetchOption) (FeatureCollection, error) {
	return c.geoJSON(ctx, codes, c.parallel(opts))
}

func (c *Client) geoJSON(ctx context.Context, codes []string, f fetch) (FeatureCollection, error) {
	found, err := collect(ctx, "outlines", codes, f, func(ctx context.Context, code string) ([]Feature, error) {
		var one Feature
		if err := c.get(ctx, "outline of "+code, "geojson/postalcode", url.Values{"code": {code}}, &one); err != nil {
			return nil, err
		}
		return []Feature{one}, nil
	})
	features := make([]Feature, 0, len(found))
	for _, one := range found { // empty for a code that a partial fetch lacks
		features = append(features, one...)
	}
	return FeatureCollection{Type: "FeatureCollection", Features: features}, err
}
