package locuskit

import (
	"fmt"

	"locuslab/locuskit/table"
)

// Table returns the connections as a table of the thirteen columns; columns and
// times are text, as the service wrote them.
func (c Connections) Table() (table.Table, error) {
	ints := func(of func(Connection) int) []int64 {
		list := make([]int64, len(c))
		for i := range c {
			list[i] = int64(of(c[i]))
		}
		return list
	}
	texts := func(of func(Connection) string) []string {
		list := make([]string, len(c))
		for i := range c {
			list[i] = of(c[i])
		}
		return list
	}
	syncing := make([]bool, len(c))
	for i := range c {
		syncing[i] = c[i].IsSyncing
	}
	t, err := table.New(c.sheet().Columns,
		ints(func(c Connection) int { return c.ID }),
		ints(func(c Connection) int { return c.SetID }),
		texts(func(c Connection) string { return c.SetName }),
		texts(func(c Connection) string { return string(c.Columns) }),
		ints(func(c Connection) int { return c.Whitelabel }),
		ints(func(c Connection) int { return c.Customer }),
		texts(func(c Connection) string { return c.Type }),
		texts(func(c Connection) string { return c.Name }),
		texts(func(c Connection) string { return stamp(c.Created) }),
		texts(func(c Connection) string { return stamp(c.Updated) }),
		texts(func(c Connection) string { return stamp(c.LastSync) }),
		syncing,
		ints(func(c Connection) int { return c.Records }),
	)
	if err != nil {
		return table.Table{}, fmt.Errorf("locuskit: connections as a table: %w", err)
	}
	return t, nil
}
