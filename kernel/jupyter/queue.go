package jupyter

import (
	"context"
	"sync"
)

// requestQueue holds requests in the order in which they came, as many as come.
type requestQueue struct {
	mu      sync.Mutex
	waiting []request
	arrived chan struct{}
}

func newRequestQueue() *requestQueue {
	return &requestQueue{arrived: make(chan struct{}, 1)}
}

func (q *requestQueue) push(r request) {
	q.mu.Lock()
	q.waiting = append(q.waiting, r)
	q.mu.Unlock()
	select {
	case q.arrived <- struct{}{}:
	default:
	}
}

// next waits for a request; false when ctx has ended.
func (q *requestQueue) next(ctx context.Context) (request, bool) {
	for ctx.Err() == nil {
		q.mu.Lock()
		if len(q.waiting) > 0 {
			r := q.waiting[0]
			q.waiting = q.waiting[1:]
			q.mu.Unlock()
			return r, true
		}
		q.mu.Unlock()
		select {
		case <-q.arrived:
		case <-ctx.Done():
		}
	}
	return request{}, false
}

// take removes and returns all that waits.
func (q *requestQueue) take() []request {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.waiting
	q.waiting = nil
	return taken
}

// serve calls handle for each request until ctx ends.
func (q *requestQueue) serve(ctx context.Context, handle func(request)) {
	for {
		r, more := q.next(ctx)
		if !more {
			return
		}
		handle(r)
	}
}
