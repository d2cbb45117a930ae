package jupyter

import (
	"context"
	"encoding/json"

	"locuslab/kernel/display"
)

// A VariableHandler is a Handler that knows the variables of the session, so that front
// ends can list them, as JupyterLab does in its debugger's panel.
type VariableHandler interface {
	// Variables are all of them, those of before where a cell runs.
	Variables(ctx context.Context) []display.Variable
	// Show is one of them as a cell shows it.
	Show(ctx context.Context, name string) (display.Bundle, bool)
}

// debugRequest is a request of the Debug Adapter Protocol, in a debug_request.
type debugRequest struct {
	Seq       int    `json:"seq"`
	Command   string `json:"command"`
	Arguments struct {
		Name        string `json:"variableName"`
		Breakpoints []any  `json:"breakpoints"`
	} `json:"arguments"`
}

type debugReply struct {
	Type       string `json:"type"`
	Seq        int    `json:"seq"`
	RequestSeq int    `json:"request_seq"`
	Success    bool   `json:"success"`
	Command    string `json:"command"`
	Message    string `json:"message,omitempty"`
	Body       any    `json:"body,omitempty"`
}

// withoutBreakpoints is why none is set.
const withoutBreakpoints = "this kernel has no debugger that stops cells; it lists variables"

// debug answers a debug_request. The variables are all that the debugger has: nothing
// stops a cell, and breakpoints are told to be none.
func (s *Server) debug(ctx context.Context, r request, h VariableHandler) {
	s.iopub.busy(r)
	defer s.iopub.idle(r)
	var q debugRequest
	if err := json.Unmarshal(r.Content, &q); err != nil {
		s.reply(r, "debug_reply", refuse("BadRequest", err.Error()))
		return
	}
	reply := debugReply{Type: "response", Seq: q.Seq, RequestSeq: q.Seq, Success: true, Command: q.Command}
	none := []any{}
	switch q.Command {
	case "debugInfo":
		reply.Body = map[string]any{
			"isStarted": s.debugging.Load(), "hashMethod": "Murmur2", "hashSeed": 0, "tmpFilePrefix": "", "tmpFileSuffix": ".go",
			"breakpoints": none, "stoppedThreads": none, "richRendering": true, "exceptionPaths": none, "copyToGlobals": false,
		}
	case "initialize":
		reply.Body = map[string]any{"supportsConfigurationDoneRequest": true}
	case "attach":
		s.debugging.Store(true)
		defer s.iopub.publish(r.Raw, "debug_event", map[string]any{"type": "event", "event": "initialized", "seq": q.Seq, "body": map[string]any{}})
	case "disconnect":
		s.debugging.Store(false)
	case "configurationDone":
	case "dumpCell":
		reply.Body = map[string]any{"sourcePath": ""}
	case "setBreakpoints":
		if reply.Body = map[string]any{"breakpoints": none}; len(q.Arguments.Breakpoints) > 0 {
			reply.Message = withoutBreakpoints // JupyterLab takes away the marks of those that are not in the body
		}
	case "threads":
		reply.Body = map[string]any{"threads": none}
	case "stackTrace":
		reply.Body = map[string]any{"stackFrames": none, "totalFrames": 0}
	case "modules":
		reply.Body = map[string]any{"modules": none, "totalModules": 0}
	case "variables":
		reply.Body = map[string]any{"variables": none}
	case "inspectVariables":
		reply.Body = map[string]any{"variables": inspected(h.Variables(ctx))}
	case "richInspectVariables":
		b, ok := h.Show(ctx, q.Arguments.Name)
		if !ok {
			b = display.Text(q.Arguments.Name + " cannot be shown while a cell runs")
		}
		reply.Body = map[string]any{"data": mimeData(b.Data), "metadata": orEmpty(b.Metadata)}
	default:
		reply.Success, reply.Message = false, withoutBreakpoints
	}
	s.reply(r, "debug_reply", reply)
}

// inspected are variables in the protocol's terms.
func inspected(list []display.Variable) []map[string]any {
	out := make([]map[string]any, len(list))
	for i, v := range list {
		out[i] = map[string]any{"name": v.Name, "evaluateName": v.Name, "type": v.Type, "value": v.Value, "variablesReference": 0}
	}
	return out
}
