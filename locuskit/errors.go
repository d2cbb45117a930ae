package locuskit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is a failed call. Its text says what was asked, on which address, why
// it failed, how often it was tried and what to do.
type Error struct {
	What     string // such as "connections of whitelabel 7 (CHR)"
	URL      string // as requested, without the token
	Status   int    // the HTTP status of the last answer, or 0 if there was none
	Attempts int    // requests sent
	Err      error  // the cause
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "locuskit: %s: GET %s: ", e.What, e.URL)
	if e.Status != 0 && e.Status != http.StatusOK {
		fmt.Fprintf(&b, "%d %s: ", e.Status, http.StatusText(e.Status))
	}
	fmt.Fprint(&b, e.Err)
	if e.Attempts == 1 {
		b.WriteString(" (1 attempt)")
	} else {
		fmt.Fprintf(&b, " (tried %d times)", e.Attempts)
	}
	if a := e.advice(); a != "" {
		b.WriteString("; " + a)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// advice returns what the user can do about it, if anything.
func (e *Error) advice() string {
	switch {
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "check the token: the environment variable API_TOKEN, or locuskit.WithToken"
	case e.Status == http.StatusTooManyRequests:
		return "the service wants fewer requests: use fewer locuskit.Workers or wait"
	case e.Status >= 300 && e.Status < 400:
		return "the service does not answer at this address: check LOCUS_URL"
	}
	if u := unreachable(e.Err); u != nil {
		return u.advice
	}
	if errors.Is(e.Err, context.DeadlineExceeded) {
		return "allow more time, or check that the service is well"
	}
	return ""
}

// refusal is an answer with a status other than 200; its text is the
// service's own explanation.
type refusal struct{ message string }

func (r *refusal) Error() string { return r.message }
