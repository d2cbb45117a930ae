package jupyter

type inspection struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

func (s *Server) inspect(r request) (any, error) {
	var content struct {
		Code   string
		Cursor *int `json:"cursor_pos"`
		Detail int  `json:"detail_level"`
	}
	if err := r.Decode(&content); err != nil {
		return nil, err
	}
	cursor := len(content.Code)
	if content.Cursor != nil {
		cursor = byteOffset(content.Code, *content.Cursor)
	}
	bundle, found := s.handler.Inspect(content.Code, cursor, content.Detail)
	if !found {
		return inspection{"ok", false, map[string]any{}, map[string]any{}}, nil
	}
	return inspection{"ok", true, mimeData(bundle.Data), orEmpty(bundle.Metadata)}, nil
}
