package jupyter

type shutdownContent struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

// shutdown ends the kernel. All front ends hear of it, so that those that did not
// ask know why the kernel is gone, and whether another one follows.
func (s *Server) shutdown(r request) {
	var content struct{ Restart bool }
	if err := r.Decode(&content); err != nil {
		s.log.Warn("take a shutdown for final", "err", err)
	}
	reply := shutdownContent{"ok", content.Restart}
	s.reply(r, "shutdown_reply", reply)
	s.iopub.publish(r.Raw, "shutdown_reply", reply)
	s.iopub.publish(r.Raw, "status", state{"idle"})
	s.end()
}
