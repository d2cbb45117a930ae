package group

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Where there are so many groups that chunks of rows cannot each have figures of their own, goroutines share out the
// groups: rows are put together by ranges of groups, some chunks of them at a time, and then each range is worked
// on by one goroutine, whose figures stay in the processor's caches. The rows of a group keep their order.

const (
	apartFrom  = 1 << 17            // groups from which on they are shared out
	apartRows  = 8 * exec.ChunkRows // rows that are put together at a time
	apartParts = 1 << 8             // ranges of groups
)

// apart reports whether a pass shares out groups.
func (a *aggregation) apart(totals []accumulator) bool {
	return a.by.domain >= apartFrom && a.run.Goroutines(a.rows, exec.ChunkCount(a.rows, exec.ChunkRows)) > 1 &&
		!slices.ContainsFunc(totals, func(t accumulator) bool { return t.over(t.reads()) == nil })
}

// passApart is [aggregation.pass] by shared out groups. Where figures depend on the order, those of as many rows as a chunk
// of the other form has are merged, so that they are equal to the last bit.
func (a *aggregation) passApart(totals []accumulator) error {
	merged := a.chunk()
	figures := totals
	if merged < a.rows {
		figures = twins(totals)
	}
	m := a.run.Meter("rows", a.rows)
	defer m.Close()
	rows := newApart(a, figures)
	for from := 0; from < a.rows; from += apartRows {
		to := min(from+apartRows, a.rows)
		for _, of := range rows {
			if err := of.add(from, to); err != nil {
				return err
			}
		}
		m.Add(to - from)
		if merged < a.rows && (to%merged == 0 || to == a.rows) {
			err := a.run.Tasks(len(totals), func(i int) { totals[i].merge(figures[i]) })
			if err != nil {
				return err
			}
		}
	}
	a.size = exec.ChunkRows
	return a.run.Cancelled()
}

// rowsApart is rows put together by ranges of groups, for figures that leave out the same rows.
type rowsApart struct {
	by      *grouping
	run     exec.Run
	figures []accumulator
	moved   []accumulator    // the figures, from columns whose rows are put together
	from    []*column.Column // the figures' columns
	to      []*column.Column // those of the moved ones
	valid   []byte
	shift   uint
	groups  []int32
	starts  [][apartParts + 1]int32 // of the ranges in each chunk
}

// newApart returns the rows that figures need.
func newApart(a *aggregation, figures []accumulator) (all []*rowsApart) {
	byNulls := map[uintptr]*rowsApart{}
	chunks := min(a.rows, apartRows)
	for _, f := range figures {
		r := byNulls[bitmapAt(f.nulls())]
		if r == nil {
			r = &rowsApart{by: a.by, run: a.run.Quiet(), valid: f.nulls(), groups: large.Unzeroed[int32](chunks),
				starts: make([][apartParts + 1]int32, exec.ChunkCount(chunks, exec.ChunkRows))}
			for a.by.domain>>r.shift >= apartParts {
				r.shift++
			}
			byNulls[bitmapAt(f.nulls())] = r
			all = append(all, r)
		}
		c := f.reads()
		i := slices.Index(r.from, c)
		if i < 0 && c != nil {
			i = len(r.from)
			r.from, r.to = append(r.from, c), append(r.to, c.UnwrittenLike(chunks))
		}
		if c != nil {
			c = r.to[i]
		}
		r.figures, r.moved = append(r.figures, f), append(r.moved, f.over(c))
	}
	return all
}

// add adds rows [first, end) to the figures.
func (r *rowsApart) add(first, end int) error {
	for _, f := range r.figures {
		if t, ok := f.(counter); ok {
			t.room(end - first)
		}
	}
	if err := r.putTogether(first, end); err != nil {
		return err
	}
	return r.run.Tasks(apartParts, func(p int) {
		for chunk := range exec.ChunkCount(end-first, exec.ChunkRows) {
			at := chunk * exec.ChunkRows
			from, to := at+int(r.starts[chunk][p]), at+int(r.starts[chunk][p+1])
			if from == to || r.run.Cancelled() != nil {
				continue
			}
			for _, f := range r.moved {
				f.add(r.groups[from:to], from)
			}
		}
	})
}

// putTogether fills groups and columns with rows [first, end): those of each chunk by their range of groups.
func (r *rowsApart) putTogether(first, end int) error {
	type scratch struct{ numbers, present, order []int32 }
	fresh := func() scratch {
		s := scratch{order: make([]int32, exec.ChunkRows)}
		if r.by.direct == nil {
			s.numbers = make([]int32, exec.ChunkRows)
		}
		if r.valid != nil {
			s.present = make([]int32, exec.ChunkRows)
		}
		return s
	}
	return exec.ChunksWith(r.run, end-first, exec.ChunkRows, fresh, func(s scratch, chunk, at, to int) {
		from, order := first+at, s.order[:to-at]
		of := r.by.Numbers(s.numbers, from, first+to)
		if r.valid != nil {
			putNulls(s.present, of, r.valid, from, int32(r.by.domain))
			of = s.present[:len(of)]
		}
		var next [apartParts + 1]int32
		for _, g := range of {
			next[int(uint8(g>>(r.shift&31)))+1]++
		}
		for p := range apartParts {
			next[p+1] += next[p]
		}
		r.starts[chunk] = next
		groups, shift := r.groups[at:to], r.shift&31
		for i, g := range of {
			place := next[uint8(g>>shift)]
			next[uint8(g>>shift)]++
			order[place], groups[place] = int32(i), g
		}
		for i, c := range r.from {
			c.Touch(from, first+to)
			r.to[i].Gather(at, c, from, order)
		}
	})
}
