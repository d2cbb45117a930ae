package group

import (
	"fmt"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Ascending returns those of rows that are not missing, all below n, in order.
func Ascending(e exec.Run, rows []uint32, n int) ([]uint32, error) {
	e = e.Quiet().Sequential()
	there, count := column.NewBitmap(n), 0
	err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
		for _, r := range rows[from:to] {
			if r != column.Missing {
				column.SetBit(there, int(r))
				count++
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]uint32, 0, count)
	err = e.Chunks(n, exec.ChunkRows, func(_, from, to int) {
		for r := from; r < to; r++ {
			if column.Presence(there, r) != 0 {
				out = append(out, uint32(r))
			}
		}
	})
	return out, err
}

// FirstRows returns the first row of each group of equal values.
func FirstRows(e exec.Run, c *column.Column) (*grouping, []uint32, error) {
	if c.N >= 1<<32 {
		return nil, nil, fmt.Errorf("%d rows are more than the 4,294,967,295 that this works on in memory", c.N)
	}
	k, err := digitsOf(e, c)
	if err != nil {
		return nil, nil, err
	}
	by := single(k)
	first := slices.Repeat([]uint32{column.Missing}, by.domain)
	fresh := func() []uint32 { return slices.Repeat([]uint32{column.Missing}, by.domain) }
	a := &aggregation{by: by}
	err = exec.Reduce(e, c.N, a.chunk(), fresh, func(seen []uint32, from, to int) {
		buf := make([]int32, BatchRows)
		for ; from < to; from += BatchRows {
			for i, d := range by.Numbers(buf, from, min(from+BatchRows, to)) {
				seen[d] = min(seen[d], uint32(from+i))
			}
		}
	}, func(seen []uint32) {
		for d, r := range seen {
			first[d] = min(first[d], r)
			seen[d] = column.Missing
		}
	})
	return by, first, err
}

// Distinct counts the distinct values of a column.
func Distinct(e exec.Run, c *column.Column) (int, error) {
	k, err := digitsOf(e, c)
	if err != nil {
		return 0, err
	}
	values := k.domain // without the null digit, which is the last
	if c.Valid != nil {
		values--
	} else if c.Kind == column.Bool {
		values = 2
	}
	if k.exact {
		return values, nil
	}
	seen, err := occurring(e, single(k), c.N)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, yes := range seen[:values] {
		if yes {
			n++
		}
	}
	return n, nil
}

// occurring tells which groups have rows.
func occurring(e exec.Run, by *grouping, rows int) ([]bool, error) {
	type marks struct {
		seen []bool
		buf  []int32
	}
	all := make([]bool, by.domain)
	a := &aggregation{by: by}
	fresh := func() marks { return marks{make([]bool, by.domain), make([]int32, BatchRows)} }
	err := exec.Reduce(e, rows, a.chunk(), fresh, func(m marks, from, to int) {
		for ; from < to; from += BatchRows {
			for _, d := range by.Numbers(m.buf, from, min(from+BatchRows, to)) {
				m.seen[d] = true
			}
		}
	}, func(m marks) {
		for d, yes := range m.seen {
			if yes {
				all[d], m.seen[d] = true, false
			}
		}
	})
	return all, err
}

// EndsOfGroups returns the first n of rows of each group, or the last. Rows of one group, by the values of cols, stand together.
func EndsOfGroups(e exec.Run, cols []*column.Column, rows []uint32, n int, last bool) ([]uint32, error) {
	group, err := numberRows(e, cols, len(rows))
	if err != nil {
		return nil, err
	}
	var picked []uint32
	for from := 0; from < len(rows); {
		if err := e.Cancelled(); err != nil {
			return nil, err
		}
		to := from + 1
		for to < len(rows) && group[rows[to]] == group[rows[from]] {
			to++
		}
		if some := rows[from:to]; last {
			picked = append(picked, some[max(0, len(some)-n):]...)
		} else {
			picked = append(picked, some[:min(len(some), n)]...)
		}
		from = to
	}
	return picked, nil
}

// numberRows returns the group of each row, by the values of cols, in no order of the values.
func numberRows(e exec.Run, cols []*column.Column, rows int) ([]int32, error) {
	e = e.Quiet()
	e.AnyOrder = true
	by, err := GroupingOf(e, cols)
	if err != nil {
		return nil, err
	}
	if by.direct != nil {
		return by.direct, nil
	}
	numbers := large.Zeroed[int32](rows)
	return numbers, e.Chunks(rows, exec.ChunkRows, func(_, from, to int) {
		for ; from < to; from += BatchRows {
			end := min(from+BatchRows, to)
			by.fill(numbers[from:end], from, end)
		}
	})
}
