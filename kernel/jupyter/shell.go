package jupyter

import "fmt"

// shell takes a request from the shell channel. It returns at once: a cell is
// queued behind the others, everything else is answered beside them.
func (s *Server) shell(r request) {
	switch r.Type {
	case "execute_request":
		s.enqueue(r)
	case "shutdown_request":
		s.iopub.busy(r)
		s.shutdown(r)
	default:
		s.quick.push(r)
	}
}

// answer fulfils a quick request.
func (s *Server) answer(r request) {
	s.iopub.busy(r)
	defer s.iopub.idle(r)
	kind, content, err := s.fulfil(r)
	if err != nil {
		s.log.Warn("cannot answer", "type", r.Type, "err", err)
		content = refuse("BadRequest", err.Error())
	}
	if kind != "" {
		s.reply(r, kind, content)
	}
}

// fulfil returns type and content of the reply to a quick request; the type is
// empty when no reply is due.
func (s *Server) fulfil(r request) (kind string, content any, err error) {
	switch r.Type {
	case "kernel_info_request":
		return "kernel_info_reply", s.kernelInfo(), nil
	case "complete_request":
		content, err = s.complete(r)
		return "complete_reply", content, err
	case "inspect_request":
		content, err = s.inspect(r)
		return "inspect_reply", content, err
	case "is_complete_request":
		content, err = s.isComplete(r)
		return "is_complete_reply", content, err
	case "history_request":
		content, err = s.pastCells(r)
		return "history_reply", content, err
	case "comm_info_request":
		content, err = s.commInfo(r)
		return "comm_info_reply", content, err
	case "comm_open", "comm_msg", "comm_close":
		return "", nil, s.commReceive(r)
	default:
		return unknown(r)
	}
}

// unknown answers a request that this kernel does not know, so that the front end
// does not wait for ever.
func unknown(r request) (kind string, content any, err error) {
	if base, isRequest := cutRequest(r.Type); isRequest {
		return base + "_reply", refuse("NotSupported", fmt.Sprintf("this kernel does not support %s", r.Type)), nil
	}
	return "", nil, fmt.Errorf("message of unknown type %q", r.Type)
}
