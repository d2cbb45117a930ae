package locustest

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// At speed 1.
const (
	slowBodyWait = 30 * time.Second
	retryAfter   = time.Second
)

// answerWith sends body as a fault has it. It reports false for a fault that
// has no body to spoil, and for none.
func (s *service) answerWith(f Fault, w http.ResponseWriter, r *http.Request, body []byte) bool {
	half := body[:len(body)/2]
	w.Header().Set("Content-Type", "application/json")
	switch f {
	case SlowBody:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(half)
		_ = http.NewResponseController(w).Flush()
		timer := time.NewTimer(time.Duration(float64(slowBodyWait) / s.speed))
		defer timer.Stop()
		select {
		case <-timer.C:
			_, _ = w.Write(body[len(half):])
		case <-r.Context().Done():
		}
	case Truncated:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(half)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // net/http's way to break a connection off
	case ShortLength:
		w.Header().Set("Content-Length", strconv.Itoa(len(half)))
		_, _ = w.Write(half)
	case InvalidJSON:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Please log in to the guest network</body></html>"))
	case WrongTypes:
		_, _ = w.Write([]byte(`[{"id":"one","whitelabelid":"one","records":{}}]`))
	default:
		return false
	}
	return true
}

// failWith fails a request before its answer is made. It reports false for
// a fault of the body, and for none.
func (s *service) failWith(f Fault, w http.ResponseWriter) bool {
	switch f {
	case Overloaded:
		fail(w, http.StatusServiceUnavailable, "overloaded, on request")
	case Internal:
		w.WriteHeader(http.StatusInternalServerError)
	case TooMany:
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds()/s.speed)))
		fail(w, http.StatusTooManyRequests, "too many requests, on request")
	case Expired:
		fail(w, http.StatusUnauthorized, "token expired")
	case Reset:
		reset(w)
	default:
		return false
	}
	return true
}

// reset drops the connection with a TCP reset in place of an orderly end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 has no connection to give away
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
