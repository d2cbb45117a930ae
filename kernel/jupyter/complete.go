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
	if matches == nil {
		matches = []string{}
	}
	return completion{
		Status: "ok", Matches: matches, Metadata: map[string]any{},
		Start: pointOffset(content.Code, start), End: pointOffset(content.Code, end),
	}, nil
}
