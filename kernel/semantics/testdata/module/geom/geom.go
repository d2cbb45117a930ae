// Package geom is what the cells of the suite import: values, an interface, generics, state.
package geom

import (
	"fmt"
	"math"
)

// Calls is a variable that cells read and write.
var Calls int

// Inits counts how often this package was initialised.
var Inits int

func init() { Inits++ }

// Count adds one to Calls.
func Count() int { Calls++; return Calls }

// Point has value methods, one of which fmt calls.
type Point struct{ X, Y float64 }

// Norm is the distance from the origin.
func (p Point) Norm() float64 { return math.Hypot(p.X, p.Y) }

func (p Point) String() string { return fmt.Sprintf("(%g, %g)", p.X, p.Y) }

// Sum adds points.
func Sum(ps ...Point) (s Point) {
	for _, p := range ps {
		s.X += p.X
		s.Y += p.Y
	}
	return s
}

// Shape is implemented by types of cells.
type Shape interface{ Area() float64 }

// Total adds the areas of shapes.
func Total(shapes ...Shape) (area float64) {
	for _, s := range shapes {
		area += s.Area()
	}
	return area
}

// Largest is generic over the shapes of cells.
func Largest[S Shape](shapes []S) (best S) {
	for i, s := range shapes {
		if i == 0 || s.Area() > best.Area() {
			best = s
		}
	}
	return best
}

// Cache is a generic type with methods on its pointer.
type Cache[V any] struct{ m map[string]V }

// Put stores v under key.
func (c *Cache[V]) Put(key string, v V) {
	if c.m == nil {
		c.m = map[string]V{}
	}
	c.m[key] = v
}

// Get returns what Put stored.
func (c *Cache[V]) Get(key string) (V, bool) {
	v, ok := c.m[key]
	return v, ok
}

// Locked has a field that cells cannot reach.
type Locked struct{ secret int }

// Set and Get reach the field.
func (l *Locked) Set(n int) { l.secret = n }

// Get returns what Set stored.
func (l Locked) Get() int { return l.secret }
