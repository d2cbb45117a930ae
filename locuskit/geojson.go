package locuskit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	found, err := collect(ctx, c, "outlines", codes, f, outlineOf)
	// A code that a partial fetch lacks has no type.
	features := slices.DeleteFunc(found, func(one Feature) bool { return one.Type == "" })
	return FeatureCollection{Type: "FeatureCollection", Features: slices.Concat([]Feature{}, features)}, err
}

// outlineOf asks for one code, and takes no other's.
func outlineOf(code string) question[Feature] {
	return question[Feature]{
		what: "outline of " + code, path: "geojson/postalcode", query: url.Values{"code": {code}},
		read: func(text []byte) (Feature, error) {
			f, err := decode[Feature](text)
			if err != nil {
				return Feature{}, err
			}
			if f.Type != "Feature" {
				return Feature{}, unexpected("it is of type %q where a GeoJSON Feature was expected", f.Type)
			}
			if of, _ := f.Properties["geo_id"].(string); of != code {
				return Feature{}, unexpected("it is the outline of %q", of)
			}
			if err := f.Geometry.check(); err != nil {
				return Feature{}, unexpected("its geometry: %w", err)
			}
			f.Geometry.Coordinates = compact(f.Geometry.Coordinates)
			return f, nil
		},
	}
}

// check finds what is no outline: other than lists of lists of points, of two numbers at the least.
func (g Geometry) check() error {
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return fmt.Errorf("it is of type %q where a Polygon or MultiPolygon was expected", g.Type)
	}
	if err != nil {
		return fmt.Errorf("coordinates of a %s: %w", g.Type, err)
	}
	if len(polygons) == 0 || bytes.Contains(g.Coordinates, []byte("null")) { // numbers apart they can be nothing else
		return errors.New("coordinates are missing")
	}
	for _, polygon := range polygons {
		if len(polygon) == 0 {
			return errors.New("a polygon has no ring")
		}
		for _, ring := range polygon {
			for _, point := range ring {
				if len(point) < 2 {
					return fmt.Errorf("a point has %d numbers", len(point))
				}
			}
		}
	}
	return nil
}
