package column

import (
	"fmt"
	"time"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// WithoutNulls returns the column with value in the place of each null.
func (c *Column) WithoutNulls(e exec.Run, value any) (*Column, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	out := *c
	out.Valid, out.Exact, out.Stats = nil, false, nil
	unfit := fmt.Errorf("column %q holds %s values: %v (%T) is none", c.Name, c.Holds(), value, value)
	switch c.Holds() {
	case Int:
		v, ok := value.(int64)
		if small, whole := value.(int); whole {
			v, ok = int64(small), true
		}
		if !ok {
			return nil, unfit
		}
		out.Ints, err = present(e, c, c.Ints, v)
	case Timestamp:
		at, ok := value.(time.Time)
		if !ok {
			return nil, unfit
		}
		v, err2 := InstantOf(at)
		if err2 != nil {
			return nil, err2
		}
		out.Ints, err = present(e, c, c.Ints, v)
	case Float:
		v, ok := toFloat(value)
		if !ok {
			return nil, unfit
		}
		out.Floats, err = present(e, c, c.Floats, v)
	case Bool:
		v, ok := value.(bool)
		if !ok {
			return nil, unfit
		}
		out.Bools, err = present(e, c, c.Bools, v)
	case String:
		v, ok := value.(string)
		if !ok {
			return nil, unfit
		}
		b := NewDictionaryBuilder()
		b.Absorb(e, c.Dict)
		code := b.Add(v)
		if b.Full {
			return nil, ErrDictionaryFull(c.Name)
		}
		out.Dict = b.Build() // codes of the old one are those of the new
		if out.Codes, err = present(e, c, c.Codes, code); err == nil {
			err = out.CheckText(e)
		}
	}
	if out.Kind == Int {
		out.Stats = new(IntStats)
	}
	return &out, err
}

// present returns the values of c, with one in the place of those that are not there.
func present[T any](e exec.Run, c *Column, values []T, instead T) ([]T, error) {
	if c.Valid == nil {
		return values, nil
	}
	out := large.Zeroed[T](len(values))
	return out, e.Chunks(len(values), exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			if out[i] = values[i]; c.Null(i) {
				out[i] = instead
			}
		}
	})
}
