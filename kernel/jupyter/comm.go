package jupyter

// commInfo lists the open comms. There are none: no target is registered, so that
// every comm that a front end opens is closed at once.
func commInfo() any {
	return struct {
		Status string         `json:"status"`
		Comms  map[string]any `json:"comms"`
	}{"ok", map[string]any{}}
}

// commOpen answers the opening of a comm with its close, as the protocol asks for
// a target that the kernel does not know.
func (s *Server) commOpen(r request) error {
	var content struct {
		ID string `json:"comm_id"`
	}
	if err := r.Decode(&content); err != nil {
		return err
	}
	s.iopub.publish(r.Raw, "comm_close", map[string]any{"comm_id": content.ID, "data": map[string]any{}})
	return nil
}
