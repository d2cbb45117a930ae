package jupyter

import (
	"fmt"
	"strings"
	"sync"

	"locuslab/kernel/display"
)

// history is what was run: in this session, and in all others whose cells are in
// the file.
type history struct {
	file *historyFile // nil: only this session

	mu      sync.Mutex
	session int
	cells   []pastCell // of this session
}

// openHistory starts a session of the history in folder dir. The history it
// returns works for this session even when there is an error.
func openHistory(dir string) (*history, error) {
	h := &history{session: 1}
	if dir == "" {
		return h, nil
	}
	file := historyFile{dir}
	number, err := file.newSession()
	if err != nil {
		return h, err
	}
	h.file, h.session = &file, number
	return h, nil
}

// add keeps a cell that was run.
func (h *history) add(line int, input, result string) error {
	c := pastCell{Session: h.session, Line: line, Input: input, Output: result[:display.Whole(result[:min(len(result), keptOutput)])]}
	h.mu.Lock()
	h.cells = append(h.cells, c)
	h.mu.Unlock()
	if h.file == nil {
		return nil
	}
	return h.file.append(c)
}

// all returns the cells of all sessions, those of this one last.
func (h *history) all() ([]pastCell, error) {
	var cells []pastCell
	var err error
	if h.file != nil {
		var lines []pastCell
		lines, err = h.file.read()
		for _, c := range lines {
			if c.Line > 0 && c.Session != h.session {
				cells = append(cells, c)
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return append(cells, h.cells...), err
}

type historyQuery struct {
	Output  bool
	Access  string `json:"hist_access_type"`
	Session int
	Start   int
	Stop    *int
	N       *int
	Pattern string
	Unique  bool
}

type historyReply struct {
	Status  string  `json:"status"`
	History [][]any `json:"history"`
}

// pastCells answers a history request.
func (s *Server) pastCells(r request) (any, error) {
	var q historyQuery
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	cells, err := s.history.all()
	if err != nil {
		s.log.Warn("answer from this session alone", "err", err)
	}
	switch q.Access {
	case "tail":
		cells = last(cells, q.N)
	case "range":
		cells = inRange(cells, q, s.history.session)
	case "search":
		cells = search(cells, q)
	default:
		return nil, fmt.Errorf("history access type %q is not tail, range or search", q.Access)
	}
	reply := historyReply{"ok", make([][]any, 0, len(cells))}
	for _, c := range cells {
		reply.History = append(reply.History, c.entry(q.Output))
	}
	return reply, nil
}

// entry is a cell as the protocol lists it, with its output when asked for.
func (c pastCell) entry(output bool) []any {
	if !output {
		return []any{c.Session, c.Line, c.Input}
	}
	var shown any
	if c.Output != "" {
		shown = c.Output
	}
	return []any{c.Session, c.Line, [2]any{c.Input, shown}}
}

// last returns the last n cells; all when n is not given.
func last(cells []pastCell, n *int) []pastCell {
	if n == nil || *n < 0 || *n >= len(cells) {
		return cells
	}
	return cells[len(cells)-*n:]
}

// inRange returns lines start to stop, without stop, of one session: a positive
// number names it, 0 is the current one, -1 the one before.
func inRange(cells []pastCell, q historyQuery, current int) []pastCell {
	session := q.Session
	if session <= 0 {
		session += current
	}
	var found []pastCell
	for _, c := range cells {
		if c.Session == session && c.Line >= q.Start && (q.Stop == nil || c.Line < *q.Stop) {
			found = append(found, c)
		}
	}
	return found
}

// search returns the last n cells that match the pattern; with unique, each input
// once, where it was run last.
func search(cells []pastCell, q historyQuery) []pastCell {
	pattern := q.Pattern
	if pattern == "" {
		pattern = "*"
	}
	matches := glob(pattern)
	seen := map[string]bool{}
	var newestFirst []pastCell
	for i := len(cells) - 1; i >= 0; i-- {
		c := cells[i]
		if q.N != nil && *q.N >= 0 && len(newestFirst) >= *q.N {
			break
		}
		if q.Unique && seen[c.Input] || !matches(strings.TrimSpace(c.Input)) {
			continue
		}
		seen[c.Input] = true
		newestFirst = append(newestFirst, c)
	}
	found := make([]pastCell, 0, len(newestFirst))
	for i := len(newestFirst) - 1; i >= 0; i-- {
		found = append(found, newestFirst[i])
	}
	return found
}
