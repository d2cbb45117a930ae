package column

// Frame is columns as a reader made them, not yet a table.
type Frame struct {
	Columns []*Column
	Rows    int
	Notes   []string // what the reader had to decide
	Plan    []string // how it ran
}
