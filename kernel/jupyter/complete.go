package jupyter

type completion struct {
	Status   string         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

func (s *Server) complete(r request) (any, error) {
	var content struct {
		Code   string
		Cursor *int `json:"cursor_pos"`
	}
	if err := r.Decode(&content); err != nil {
		return nil, err
	}
	cursor := len(content.Code)
	if content.Cursor != nil {
		cursor = byteOffset(content.Code, *content.Cursor)
	}
	matches, start, end := s.handler.Complete(content.Code, cursor)
	c := completion{
		Status: "ok", Matches: []string{}, Metadata: map[string]any{},
		Start: pointOffset(content.Code, start), End: pointOffset(content.Code, end),
	}
	typed := make([]typedMatch, 0, len(matches))
	for _, m := range matches {
		c.Matches = append(c.Matches, m.Text)
		typed = append(typed, typedMatch{c.Start, c.End, m.Text, m.Kind, m.Signature})
	}
	if len(typed) > 0 {
		c.Metadata["_jupyter_types_experimental"] = typed
	}
	return c, nil
}

// typedMatch is a match with its kind and signature, as JupyterLab and consoles show them.
type typedMatch struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
}
