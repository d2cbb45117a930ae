package magic

import "sync"

// State is what the magics of a session remember from one cell to the next. The zero value is
// that of a session that has run nothing.
type State struct {
	mu      sync.Mutex
	inputs  []Input
	before  string   // the folder before the last change
	stacked []string // folders that %pushd has left
}

// An Input is a cell that was run.
type Input struct {
	Session, Count int // Session is 0 for the one at hand
	Code           string
}

// Entered notes a cell that is about to be run.
func (s *State) Entered(count int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.inputs); n > 0 && s.inputs[n-1].Count == count { // what a cell runs in turn
		return
	}
	s.inputs = append(s.inputs, Input{Count: count, Code: code})
}

// Inputs are the cells of the session, in the order in which they ran.
func (s *State) Inputs() []Input {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Input(nil), s.inputs...)
}
