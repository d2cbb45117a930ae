package locuskit

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
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

// validate finds what encoding/json lets pass.
func (f *Feature) validate() error {
	if f.Type != "Feature" || f.Geometry.Type == "" || len(f.Geometry.Coordinates) == 0 {
		return fmt.Errorf("it is of type %q where a GeoJSON Feature with a geometry was expected", f.Type)
	}
	f.Geometry.Coordinates = compact(f.Geometry.Coordinates)
	return nil
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
	found, err := collect(ctx, "outlines", codes, f, c.outlineOf)
	// A code that a partial fetch lacks has no type.
	features := slices.DeleteFunc(found, func(one Feature) bool { return one.Type == "" })
	return FeatureCollection{Type: "FeatureCollection", Features: slices.Concat([]Feature{}, features)}, err
}

func (c *Client) outlineOf(ctx context.Context, code string) (Feature, error) {
	return get[Feature](ctx, c, "outline of "+code, "geojson/postalcode", url.Values{"code": {code}})
}
