package table

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
)

// streamMerge combines aggregated parts of a stream in the order of the parts.
type streamMerge struct {
	ctx        context.Context // nil: cannot end
	keys       []string
	aggregates []group.Spec
	states     []group.Spec // what each part is aggregated to, named by place
	ahead      int          // parts that may wait for an earlier one

	mu      sync.Mutex
	turn    *sync.Cond
	waiting map[int]Table
	next    int
	pending []Table // merged when together they are larger than what is merged
	rows    int
	total   Table
	err     error
	stopped bool
}

func newStreamMerge(e exec.Run, keys []string, aggregates []group.Spec) (*streamMerge, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("name at least one column to group by")
	}
	m := &streamMerge{ctx: e.Ctx, keys: keys, aggregates: aggregates, ahead: 4 * max(1, e.Workers), waiting: make(map[int]Table)}
	m.turn = sync.NewCond(&m.mu)
	for _, a := range aggregates {
		if !a.Streams() {
			return nil, fmt.Errorf("%s needs all values of a group at once: read the file into a Table for it", a.Name)
		}
		m.states = append(m.states, group.PartStates(a)...)
	}
	for i := range m.states {
		m.states[i].Name = stateName(i)
	}
	return m, nil
}

func stateName(i int) string { return fmt.Sprintf("\x00%d", i) }

// columns is what must be read.
func (m *streamMerge) columns() []string {
	names := slices.Clone(m.keys)
	for _, a := range m.aggregates {
		if !slices.Contains(names, a.Column) {
			names = append(names, a.Column)
		}
	}
	return names
}

// take aggregates a part and merges it when its turn comes. Part -1 starts anew.
func (m *streamMerge) take(number int, t Table) error {
	if number < 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.waiting, m.next, m.pending, m.rows, m.total, m.err = make(map[int]Table), 0, nil, 0, Table{}, nil
		m.stopped = false
		return nil
	}
	t.run = exec.Run{Ctx: m.ctx, AnyOrder: true}
	part := t.GroupBy(m.keys...).agg(m.states)
	part.plan = nil
	m.mu.Lock()
	defer m.mu.Unlock()
	for part.err == nil && m.err == nil && !m.stopped && number >= m.next+m.ahead {
		m.turn.Wait()
	}
	if part.err != nil && m.err == nil {
		m.err = part.err
		m.turn.Broadcast()
	}
	if m.err != nil {
		return m.err
	}
	if m.stopped {
		return exec.ErrStopped
	}
	m.waiting[number] = part
	for {
		part, ok := m.waiting[m.next]
		if !ok {
			return nil
		}
		delete(m.waiting, m.next)
		m.next++
		m.turn.Broadcast()
		m.pending = append(m.pending, part)
		if m.rows += part.rows; m.rows >= max(1<<15, 2*m.total.rows) {
			if m.err = m.merge(exec.Run{Ctx: m.ctx, AnyOrder: true}); m.err != nil {
				return m.err
			}
		}
	}
}

// stop lets no part wait for an earlier one any longer.
func (m *streamMerge) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.turn.Broadcast()
}

// merge folds the pending parts into the total.
func (m *streamMerge) merge(e exec.Run) error {
	parts := m.pending
	if len(m.total.cols) > 0 {
		parts = append([]Table{m.total}, parts...)
	}
	m.pending, m.rows = nil, 0
	if len(parts) == 0 {
		return nil
	}
	all, err := concat(e, parts)
	if err != nil {
		return err
	}
	by, err := group.GroupingOf(e, all.cols[:len(m.keys)])
	if err != nil {
		return err
	}
	to, groups, err := group.Renumber(e, by, all.rows)
	if err != nil {
		return err
	}
	cols := by.Keys(m.keys, groups)
	states := all.cols[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(group.PartStates(a))
		merged, err := group.MergeStates(e, a, states[:n], to, len(groups))
		if err != nil {
			return err
		}
		cols, states = append(cols, merged...), states[n:]
	}
	m.total = Table{cols: cols, rows: len(groups)}
	return nil
}

// result is the aggregates of the whole stream.
func (m *streamMerge) result() (Table, error) {
	if err := m.merge(exec.Run{Ctx: m.ctx}); err != nil {
		return Table{}, err
	}
	if len(m.total.cols) == 0 {
		return Table{}, fmt.Errorf("the stream has no parts, so that its columns are not known")
	}
	cols := slices.Clone(m.total.cols[:len(m.keys)])
	states := m.total.cols[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(group.PartStates(a))
		c, err := a.Figure(states[:n])
		if err != nil {
			return Table{}, err
		}
		cols, states = append(cols, c), states[n:]
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("%w with As", err)
	}
	return t, nil
}
