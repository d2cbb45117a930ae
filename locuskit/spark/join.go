package spark

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The kinds of join in the protocol.
const (
	innerJoin number = 1
	outerJoin number = 2
	leftJoin  number = 3
	antiJoin  number = 5
	semiJoin  number = 6
)

// Join puts beside each row of f the rows of right with the same values in the key columns; see [table.Table.Join].
func (f Frame) Join(right Frame, keys ...string) Frame { return f.join("join", innerJoin, right, keys) }

// LeftJoin is [Frame.Join] that keeps rows of f without a match: the columns of right are null there.
func (f Frame) LeftJoin(right Frame, keys ...string) Frame {
	return f.join("left join", leftJoin, right, keys)
}

// OuterJoin is [Frame.LeftJoin] with the rows of right that match nothing after it; see [table.Table.OuterJoin].
func (f Frame) OuterJoin(right Frame, keys ...string) Frame {
	return f.join("outer join", outerJoin, right, keys)
}

// SemiJoin returns the rows of f whose values in the key columns some row of right has, each once.
func (f Frame) SemiJoin(right Frame, keys ...string) Frame {
	return f.join("semi join", semiJoin, right, keys)
}

// AntiJoin returns the rows of f whose values in the key columns no row of right has, those with a null among them.
func (f Frame) AntiJoin(right Frame, keys ...string) Frame {
	return f.join("anti join", antiJoin, right, keys)
}

func (f Frame) join(step string, kind number, right Frame, keys []string) Frame {
	step += " with (" + right.name + ") on " + strings.Join(keys, ", ")
	return f.then(step, func(ctx context.Context, left plan) (plan, error) {
		if f.cluster != right.cluster {
			return plan{}, errors.New("the two sides are of different connections: join what one connection reads")
		}
		other, err := right.plan(ctx)
		if err != nil {
			return plan{}, err
		}
		// Both sides may read the same source, so that their columns have the same names.
		left, other = left.renamed("l"), other.renamed("r")
		pairs, err := pairsOf(left, other, keys)
		if err != nil {
			return plan{}, err
		}
		var conditions []fields
		for _, pair := range pairs {
			conditions = append(conditions, call("==", ref(pair[0].ref), ref(pair[1].ref)))
		}
		joined := plan{columns: slices.Clone(left.columns), order: left.order}
		joined.relation = fields{"join": fields{
			"left": left.relation, "right": other.relation, "join_type": kind, "join_condition": all(conditions),
		}}
		if kind == semiJoin || kind == antiJoin {
			return joined, nil
		}
		joined.order = append(slices.Clip(joined.order), other.order...)
		if err := joined.add(other, pairs); err != nil {
			return plan{}, err
		}
		if kind == outerJoin {
			joined.unite(pairs)
		}
		return joined, nil
	})
}

// renamed returns p with names of its own for the columns on the server.
func (p plan) renamed(prefix string) plan {
	to := map[string]string{}
	var expressions []fields
	name := func(was string) string {
		if was == "" {
			return ""
		}
		if _, ok := to[was]; !ok {
			to[was] = fmt.Sprintf("%s%d", prefix, len(to))
			expressions = append(expressions, alias(ref(was), to[was]))
		}
		return to[was]
	}
	columns, order := slices.Clone(p.columns), slices.Clone(p.order)
	for i := range columns {
		if columns[i].kind != 0 {
			columns[i].ref = name(columns[i].ref)
		}
	}
	for i := range order {
		order[i].ref = name(order[i].ref)
	}
	return plan{project(p.relation, expressions), columns, order}
}

// pairsOf finds the key columns of both sides.
func pairsOf(left, right plan, keys []string) ([][2]column, error) {
	if len(keys) == 0 {
		return nil, errors.New("name at least one column to join on")
	}
	var pairs [][2]column
	for _, key := range keys {
		mine, theirs := key, key
		if !slices.ContainsFunc(left.columns, func(c column) bool { return c.name == key }) {
			if a, b, two := strings.Cut(key, "="); two {
				mine, theirs = a, b
			}
		}
		a, err := left.find(mine)
		if err != nil {
			return nil, fmt.Errorf("left side: %w", err)
		}
		b, err := right.find(theirs)
		if err != nil {
			return nil, fmt.Errorf("right side: %w", err)
		}
		if a.kind != b.kind {
			return nil, fmt.Errorf("column %q holds %s values on the left side and %s on the right: both sides need one kind", key, a.kind, b.kind)
		}
		for _, have := range pairs {
			if have[0].name == a.name || have[1].name == b.name {
				return nil, fmt.Errorf("key %q: a column is named twice", key)
			}
		}
		pairs = append(pairs, [2]column{a, b})
	}
	return pairs, nil
}

// add puts the columns of the right side after those of the left one, under the names that package table gives them.
func (p *plan) add(right plan, pairs [][2]column) error {
	for _, c := range right.columns {
		if slices.ContainsFunc(pairs, func(pair [2]column) bool { return pair[1].name == c.name }) {
			continue
		}
		taken := func(name string) bool {
			return slices.ContainsFunc(p.columns, func(have column) bool { return have.name == name })
		}
		if taken(c.name) {
			c.name += "_right"
		}
		if taken(c.name) {
			return fmt.Errorf("a table cannot have two columns named %q: Select what is needed", c.name)
		}
		p.columns = append(p.columns, c)
	}
	return nil
}

// unite gives the key columns the right side's values where a row is of it alone.
func (p *plan) unite(pairs [][2]column) {
	expressions := []fields{{"unresolved_star": fields{}}}
	for i, pair := range pairs {
		name := fmt.Sprintf("u%d", i)
		expressions = append(expressions, alias(call("coalesce", ref(pair[0].ref), ref(pair[1].ref)), name))
		for k := range p.columns {
			if p.columns[k].name == pair[0].name {
				p.columns[k].ref = name
			}
		}
	}
	p.relation = project(p.relation, expressions)
}
