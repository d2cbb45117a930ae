package jupyter

import "strings"

// control takes a request from the control channel, which never waits for a cell.
func (s *Server) control(r request) {
	switch r.Type {
	case "interrupt_request":
		s.iopub.busy(r)
		s.interrupt(r)
		s.iopub.idle(r)
	case "shutdown_request":
		s.iopub.busy(r)
		s.shutdown(r)
	case "debug_request":
		if _, ok := s.handler.(VariableHandler); !ok {
			s.answer(r)
			return
		}
		s.debugs.push(r)
	default:
		// Those that this kernel does not know are answered here, not in the queue of
		// quick requests: those may wait for the handler.
		if r.Type == "kernel_info_request" || !knownQuick(r.Type) {
			s.answer(r)
			return
		}
		s.quick.push(r)
	}
}

func knownQuick(kind string) bool {
	switch kind {
	case "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request", "comm_open", "comm_msg", "comm_close":
		return true
	}
	return false
}

func cutRequest(kind string) (base string, isRequest bool) {
	return strings.CutSuffix(kind, "_request")
}
