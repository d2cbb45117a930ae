package group

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// StreamMerge combines aggregated parts of a stream in the order of the parts.
type StreamMerge struct {
	ctx        context.Context // nil: cannot end
	keys       []string
	aggregates []Spec
	States     []Spec // what each part is aggregated to, named by place
	ahead      int    // parts that may wait for an earlier one

	mu      sync.Mutex
	turn    *sync.Cond
	waiting map[int]column.Frame
	Next    int
	pending []column.Frame // merged when together they are larger than what is merged
	rows    int
	total   column.Frame
	kinds   map[string]column.Kind // of the columns of parts so far
	err     error
	stopped bool
}

// NewStreamMerge returns a merge of parts that are grouped by keys.
func NewStreamMerge(e exec.Run, keys []string, aggregates []Spec) (*StreamMerge, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("name at least one column to group by")
	}
	m := &StreamMerge{ctx: e.Ctx, keys: keys, aggregates: aggregates, ahead: 4 * max(1, e.Workers), waiting: make(map[int]column.Frame), kinds: make(map[string]column.Kind)}
	m.turn = sync.NewCond(&m.mu)
	for _, a := range aggregates {
		if !a.Streams() {
			return nil, fmt.Errorf("%s needs all values of a group at once: read the file into a Table for it", a.Name)
		}
		m.States = append(m.States, PartStates(a)...)
	}
	for i := range m.States {
		m.States[i].Name = stateName(i)
	}
	return m, nil
}

func stateName(i int) string { return fmt.Sprintf("\x00%d", i) }

// Columns returns what must be read.
func (m *StreamMerge) Columns() []string {
	names := slices.Clone(m.keys)
	for _, a := range m.aggregates {
		if !slices.Contains(names, a.Column) {
			names = append(names, a.Column)
		}
	}
	return names
}

// Anew forgets all parts: the stream starts again.
func (m *StreamMerge) Anew() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting, m.Next, m.pending, m.rows, m.total, m.err = make(map[int]column.Frame), 0, nil, 0, column.Frame{}, nil
	clear(m.kinds)
	m.stopped = false
}

// Run returns how a part is aggregated: within the goroutine that has it.
func (m *StreamMerge) Run() exec.Run { return exec.Run{Ctx: m.ctx, AnyOrder: true} }

// Check reports why a part's columns cannot be aggregated, or not together with those of other parts: a column that is
// numbers in one and, since some are beyond int64, text in another is neither.
func (m *StreamMerge) Check(part []*column.Column) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range part {
		together := slices.Contains(m.keys, c.Name)
		for _, a := range m.aggregates {
			if a.Column != c.Name {
				continue
			}
			if err := a.Check(c); err != nil {
				return err
			}
			together = together || a.Op != OpCount
		}
		one, known := m.kinds[c.Name]
		if other := c.Holds(); together && known && one != other {
			return fmt.Errorf("column %q holds %s values in one part and %s values in another: read all into a Table, or leave the column out", c.Name, min(one, other), max(one, other))
		}
		m.kinds[c.Name] = c.Holds()
	}
	return nil
}

// Take merges a part, aggregated to states, when its turn comes; failed is why there is none.
func (m *StreamMerge) Take(number int, part column.Frame, failed error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for failed == nil && m.err == nil && !m.stopped && number >= m.Next+m.ahead {
		m.turn.Wait()
	}
	if failed != nil && m.err == nil {
		m.err = failed
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
		part, ok := m.waiting[m.Next]
		if !ok {
			return nil
		}
		delete(m.waiting, m.Next)
		m.Next++
		m.turn.Broadcast()
		m.pending = append(m.pending, part)
		if m.rows += part.Rows; m.rows >= max(1<<15, 2*m.total.Rows) {
			if m.err = m.merge(m.Run()); m.err != nil {
				return m.err
			}
		}
	}
}

// Stop lets no part wait for an earlier one any longer.
func (m *StreamMerge) Stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.turn.Broadcast()
}

// merge folds the pending parts into the total.
func (m *StreamMerge) merge(e exec.Run) error {
	parts := m.pending
	if len(m.total.Columns) > 0 {
		parts = append([]column.Frame{m.total}, parts...)
	}
	m.pending, m.rows = nil, 0
	if len(parts) == 0 {
		return nil
	}
	all, err := column.Stack(e, parts)
	if err != nil {
		return fmt.Errorf("concat: %w", err)
	}
	by, err := GroupingOf(e, all.Columns[:len(m.keys)])
	if err != nil {
		return err
	}
	to, groups, err := Renumber(e, by, all.Rows)
	if err != nil {
		return err
	}
	cols := by.Keys(m.keys, groups)
	states := all.Columns[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(PartStates(a))
		merged, err := MergeStates(e, a, states[:n], to, len(groups))
		if err != nil {
			return err
		}
		cols, states = append(cols, merged...), states[n:]
	}
	m.total = column.Frame{Columns: cols, Rows: len(groups)}
	return nil
}

// Result returns the aggregates of the whole stream.
func (m *StreamMerge) Result() ([]*column.Column, error) {
	if err := m.merge(exec.Run{Ctx: m.ctx}); err != nil {
		return nil, err
	}
	if len(m.total.Columns) == 0 {
		return nil, fmt.Errorf("the stream has no parts, so that its columns are not known")
	}
	cols := slices.Clone(m.total.Columns[:len(m.keys)])
	states := m.total.Columns[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(PartStates(a))
		c, err := a.Figure(states[:n])
		if err != nil {
			return nil, err
		}
		cols, states = append(cols, c), states[n:]
	}
	return cols, nil
}
