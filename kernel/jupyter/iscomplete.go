package jupyter

type completeness struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"`
}

func (s *Server) isComplete(r request) (any, error) {
	var content struct{ Code string }
	if err := r.Decode(&content); err != nil {
		return nil, err
	}
	status, indent := s.handler.IsComplete(content.Code)
	if status != "incomplete" {
		indent = ""
	}
	return completeness{status, indent}, nil
}
