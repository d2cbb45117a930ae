package spark

import (
	"context"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"locuslab/locuskit/internal/bound"
	"locuslab/locuskit/table"
)

// Where returns the rows whose value in a column compares so to value; see [table.Table.Where].
func (f Frame) Where(name, op string, value any) Frame {
	return f.keep(fmt.Sprintf("where %s %s %v", name, op, value), name, func(c column) (fields, error) {
		return comparison(c, op, value)
	})
}

// WhereIn returns the rows whose value in a string column is one of values.
func (f Frame) WhereIn(name string, values ...string) Frame {
	return f.keep(fmt.Sprintf("where %s in a list of %d", name, len(values)), name, func(c column) (fields, error) {
		if c.kind != table.String {
			return nil, fmt.Errorf("column %q holds %s values: a list of strings needs a string column", c.name, c.kind)
		}
		if len(values) == 0 {
			return never, nil
		}
		in := []fields{ref(c.ref)}
		for _, v := range values {
			e, err := text(v)
			if err != nil {
				return nil, err
			}
			in = append(in, e)
		}
		return call("in", in...), nil
	})
}

// WhereNull returns the rows that have no value in a column. NaN is a value.
func (f Frame) WhereNull(name string) Frame {
	return f.keep("where "+name+" is null", name, func(c column) (fields, error) { return call("isnull", ref(c.ref)), nil })
}

// WhereNotNull returns the rows that have a value in a column.
func (f Frame) WhereNotNull(name string) Frame {
	return f.keep("where "+name+" is not null", name, func(c column) (fields, error) { return call("isnotnull", ref(c.ref)), nil })
}

func (f Frame) keep(step, name string, condition func(c column) (fields, error)) Frame {
	return f.then(step, func(_ context.Context, p plan) (plan, error) {
		c, err := p.find(name)
		if err != nil {
			return plan{}, err
		}
		e, err := condition(c)
		if err != nil {
			return plan{}, err
		}
		p.relation = filter(p.relation, e)
		return p, nil
	})
}

// comparison compares a column as package table does. To Spark NaN is equal to itself and larger than all else; here it is only != to
// everything.
func comparison(c column, op string, value any) (fields, error) {
	if op == "" || strings.Contains(op, " ") || !strings.Contains(" == != < <= > >= ", " "+op+" ") {
		return nil, fmt.Errorf("no comparison %q: use one of == != < <= > >=", op)
	}
	v := ref(c.ref)
	present := call("isnotnull", v)
	switch c.kind {
	case table.Int:
		var limit int64
		switch value := value.(type) {
		case int:
			limit = int64(value)
		case int64:
			limit = value
		case float64:
			limit, op = bound.OfIntegers(op, value)
			switch op {
			case bound.All:
				return present, nil
			case bound.None:
				return never, nil
			}
		default:
			return nil, incomparable(c, value)
		}
		return compare(op, v, literal("long", limit)), nil
	case table.Float:
		var limit float64
		switch value := value.(type) {
		case int:
			limit = float64(value)
		case int64:
			limit = float64(value)
		case float64:
			limit = value
		default:
			return nil, incomparable(c, value)
		}
		switch {
		case math.IsNaN(limit) && op == "!=":
			return present, nil
		case math.IsNaN(limit):
			return never, nil
		case op == "!=":
			return compare(op, v, literal("double", limit)), nil
		}
		return all([]fields{compare(op, v, literal("double", limit)), call("not", call("isnan", v))}), nil
	case table.String:
		value, ok := value.(string)
		if !ok {
			return nil, incomparable(c, value)
		}
		e, err := text(value)
		return compare(op, v, e), err
	case table.Bool:
		value, ok := value.(bool)
		switch {
		case !ok:
			return nil, incomparable(c, value)
		case op != "==" && op != "!=":
			return nil, fmt.Errorf("column %q holds bool values: compare them with == or !=", c.name)
		}
		return compare(op, v, literal("boolean", value)), nil
	}
	return nil, incomparable(c, value)
}

func incomparable(c column, value any) error {
	return fmt.Errorf("column %q holds %s values: it cannot be compared to %v (%T)", c.name, c.kind, value, value)
}

func compare(op string, a, b fields) fields {
	if op == "!=" {
		return call("not", call("==", a, b))
	}
	return call(op, a, b)
}

// text is a string as a literal.
func text(s string) (fields, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("%q is not UTF-8: no string of a cluster is equal to it", s)
	}
	return literal("string", s), nil
}
