package locuskit

import "fmt"

// Table is the connections as a table of the thirteen columns; columns and
// times are text, as the service wrote them.
func (c Connections) Table() (Table, error) {
	s := c.sheet()
	ints := make(map[string][]int64)
	texts := make(map[string][]string)
	syncing := make([]bool, len(c))
	for i, r := range c {
		for name, v := range map[string]int{"id": r.ID, "set_id": r.SetID, "whitelabel": r.Whitelabel, "customer": r.Customer, "records": r.Records} {
			ints[name] = append(ints[name], int64(v))
		}
		row := s.row(i)
		for j, name := range s.columns {
			if !s.numeric[j] {
				texts[name] = append(texts[name], row[j])
			}
		}
		syncing[i] = r.IsSyncing
	}
	values := make([]any, len(s.columns))
	for j, name := range s.columns {
		switch {
		case name == "is_syncing":
			values[j] = syncing
		case s.numeric[j]:
			values[j] = ints[name]
		default:
			values[j] = texts[name]
		}
	}
	t, err := NewTable(s.columns, values...)
	if err != nil {
		return Table{}, fmt.Errorf("locuskit: connections as a table: %w", err)
	}
	return t, nil
}
