package jupyter

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"locuslab/kernel/display"
)

// stragglers is how long after a failure cells still count as sent together with
// the one that failed.
const stragglers = 5 * time.Millisecond

// cellQueue holds the cells that wait for their turn.
type cellQueue struct {
	requestQueue
	pending atomic.Int64 // cells that wait or run
}

func newCellQueue() *cellQueue {
	return &cellQueue{requestQueue: requestQueue{arrived: make(chan struct{}, 1)}}
}

type executeContent struct {
	Code         string
	Silent       bool
	StoreHistory *bool             `json:"store_history"`
	StopOnError  *bool             `json:"stop_on_error"`
	AllowStdin   *bool             `json:"allow_stdin"`
	Expressions  map[string]string `json:"user_expressions"`
}

// isTrue is the value of a flag that is true when it is not given.
func isTrue(flag *bool) bool { return flag == nil || *flag }

type executeReply struct {
	Status      string         `json:"status"`
	Count       int            `json:"execution_count"`
	Expressions map[string]any `json:"user_expressions"`
	Payload     []page         `json:"payload"`
}

type executeFailure struct {
	failed
	Count       int            `json:"execution_count"`
	Expressions map[string]any `json:"user_expressions"` // empty: none is evaluated
	Payload     []page         `json:"payload"`
}

// enqueue takes a cell. When others come first, the handler hears of it now.
func (s *Server) enqueue(r request) {
	if s.cells.pending.Add(1) > 1 {
		var content executeContent
		if r.Decode(&content) == nil {
			s.handler.Queue(content.Code)
		}
	}
	s.cells.push(r)
}

// runCells runs one cell after another until ctx ends.
func (s *Server) runCells(ctx context.Context) {
	count := 0
	s.cells.serve(ctx, func(r request) {
		defer s.cells.pending.Add(-1)
		s.iopub.cellBusy(r)
		aborted := s.execute(ctx, r, &count)
		s.iopub.cellIdle(r)
		for _, later := range aborted {
			s.abort(later)
			s.cells.pending.Add(-1)
		}
	})
}

// execute runs a cell and answers its request. It returns the cells that must not
// run because this one failed.
func (s *Server) execute(ctx context.Context, r request, count *int) (aborted []request) {
	var content executeContent
	if err := r.Decode(&content); err != nil {
		s.reply(r, "execute_reply", executeFailure{refuse("BadRequest", err.Error()), *count, map[string]any{}, []page{}})
		return nil
	}
	store := isTrue(content.StoreHistory) && !content.Silent
	if store {
		*count++
	}
	out := &output{server: s, request: r, count: *count, silent: content.Silent, stdin: isTrue(content.AllowStdin)}
	if !content.Silent {
		s.iopub.publish(r.Raw, "execute_input", map[string]any{"code": content.Code, "execution_count": *count})
	}
	err := s.handler.Execute(ctx, content.Code, *count, out)
	expressions := map[string]any{}
	if err == nil {
		expressions = s.evaluate(ctx, content.Expressions, *count, out)
	}
	payload, result := out.finish()
	if store {
		if err := s.history.add(*count, content.Code, result); err != nil {
			s.log.Warn("this cell will not be found in later sessions", "err", err)
		}
	}
	if err == nil {
		s.reply(r, "execute_reply", executeReply{"ok", *count, expressions, payload})
		return nil
	}
	failure := asFailure(err)
	out.fail(failure)
	if isTrue(content.StopOnError) && !content.Silent {
		// "Run all" sends its cells together, yet the last may still be on their way.
		wait, cancel := context.WithTimeout(ctx, stragglers)
		<-wait.Done()
		cancel()
		aborted = s.cells.take()
		s.handler.Unqueue()
	}
	s.reply(r, "execute_reply", executeFailure{
		failed{"error", failure.Name, failure.Value, traceback(failure)}, *count, expressions, payload,
	})
	return aborted
}

// abort answers a cell that is not run.
func (s *Server) abort(r request) {
	s.iopub.busy(r)
	s.reply(r, "execute_reply", ok{"aborted"})
	s.iopub.idle(r)
}

func asFailure(err error) *display.Failure {
	var f *display.Failure
	if errors.As(err, &f) {
		return f
	}
	return &display.Failure{Name: "Error", Value: err.Error(), Traceback: []string{err.Error()}}
}

// traceback is never null, which front ends do not take.
func traceback(f *display.Failure) []string {
	if f.Traceback == nil {
		return []string{}
	}
	return f.Traceback
}
