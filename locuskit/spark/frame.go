package spark

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table"
)

// Frame is rows on the cluster: a query that runs when something is asked of it that takes a context. It is
// immutable, and its operations mean what those of [table.Table] of the same names mean.
type Frame struct {
	cluster *Cluster
	name    string // for messages: what was asked for
	plan    func(context.Context) (plan, error)
}

// plan is a query for the server, and what its columns are.
type plan struct {
	relation fields
	columns  []column
	order    []ordering // the rows' order, the first one deciding first; the server keeps none by itself
}

// column is a column of a frame. On the server it goes by a name of ours.
type column struct {
	name  string     // the user's
	kind  table.Kind // 0 if it cannot be used here
	ref   string
	holds string // what, for the message that it cannot be used
}

// ordering is what rows are ordered by.
type ordering struct {
	ref   string
	down  bool
	float bool
}

// then returns a frame made from f by a step that may fail.
func (f Frame) then(step string, next func(ctx context.Context, p plan) (plan, error)) Frame {
	return Frame{f.cluster, f.name + ", " + step, func(ctx context.Context) (plan, error) {
		p, err := f.plan(ctx)
		if err != nil {
			return plan{}, err
		}
		if p, err = next(ctx, p); err != nil {
			return plan{}, &stepError{step, err}
		}
		return p, nil
	}}
}

// stepError is a step that cannot be done, such as one that names a column that is not there.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// String is what the frame asks for.
func (f Frame) String() string { return f.name }

// failed tells that a query failed.
func (f Frame) failed(doing string, err error) error {
	query := "spark: " + f.name
	if doing != "" {
		query += ", " + doing
	}
	return f.cluster.failed(query, err)
}

// find returns a column that can be computed with.
func (p plan) find(name string) (column, error) {
	for _, c := range p.columns {
		if c.name != name {
			continue
		}
		if c.kind == 0 {
			return column{}, fmt.Errorf("column %q holds %s: int, float, string and bool columns can be used here", name, c.holds)
		}
		return c, nil
	}
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		names[i] = fmt.Sprintf("%q", c.name)
	}
	return column{}, fmt.Errorf("no column %q: there are %s", name, strings.Join(names, ", "))
}

// Select returns the named columns, in that order.
func (f Frame) Select(names ...string) Frame {
	return f.then("select "+strings.Join(names, ", "), func(_ context.Context, p plan) (plan, error) {
		columns := make([]column, len(names))
		for i, name := range names {
			c, err := p.find(name)
			if err != nil {
				return plan{}, err
			}
			if slices.Contains(names[:i], name) {
				return plan{}, fmt.Errorf("column %q is named twice", name)
			}
			columns[i] = c
		}
		p.columns = columns
		return p, nil
	})
}

// Sort orders the rows by columns, as [table.Table.Sort] does: "-visits" is descending, nulls come last and NaNs after all
// numbers, rows that are equal in all keys keep their order.
func (f Frame) Sort(keys ...string) Frame {
	return f.then("sort by "+strings.Join(keys, ", "), func(_ context.Context, p plan) (plan, error) {
		if len(keys) == 0 {
			return plan{}, fmt.Errorf("name at least one column")
		}
		var order []ordering
		for _, key := range keys {
			c, err := p.find(key)
			down := false
			if name, ok := strings.CutPrefix(key, "-"); ok && err != nil {
				c, err = p.find(name)
				down = true
			}
			if err != nil {
				return plan{}, err
			}
			order = append(order, ordering{c.ref, down, c.kind == table.Float})
		}
		p.order = append(order, p.order...)
		return p, nil
	})
}

// Head returns the first n rows. With Sort before it the cluster keeps n rows a machine, and sends n.
func (f Frame) Head(n int) Frame {
	return f.then(fmt.Sprintf("first %d rows", n), func(_ context.Context, p plan) (plan, error) {
		const most = 1 << 30 // what a table can be made of at a time
		if n > most {
			return plan{}, fmt.Errorf("more than %d rows cannot be asked for", most)
		}
		p.relation = limit(sorted(p.relation, p.sortOrders()), int32(max(n, 0)))
		return p, nil
	})
}

// sortOrders are the rows' order in the protocol. NaN is Spark's largest number, first where the order is descending.
func (p plan) sortOrders() []fields {
	var by []fields
	for _, o := range p.order {
		if o.float && o.down {
			by = append(by, sortOrder(call("isnull", ref(o.ref)), false), sortOrder(call("isnan", ref(o.ref)), false))
		}
		by = append(by, sortOrder(ref(o.ref), o.down))
	}
	return by
}
