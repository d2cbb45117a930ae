package spark

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/spark-connect-go/v35/spark/sparkerrors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is what a server says of a query that it did not run to its end.
type Error struct {
	Query  string     // what was asked for
	Class  string     // Spark's name of the error, such as PATH_NOT_FOUND; "" if it has none
	Reason string     // the server's own words
	Code   codes.Code // of gRPC
	hint   string
}

func (e *Error) Error() string {
	text := e.Query + ": " + e.Reason
	if e.hint != "" {
		text += ": " + e.hint
	}
	return text
}

// failed tells the failure of a query in the server's words, without the token.
func (c *Cluster) failed(query string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", query, err)
	}
	if _, isStatus := status.FromError(err); !isStatus {
		if text := c.masked(err.Error()); text != err.Error() {
			return fmt.Errorf("%s: %s", query, text)
		}
		return fmt.Errorf("%s: %w", query, err)
	}
	told := sparkerrors.FromRPCError(err)
	switch told.Code {
	case codes.Canceled:
		return fmt.Errorf("%s: %w", query, context.Canceled)
	case codes.DeadlineExceeded:
		return fmt.Errorf("%s: %w", query, context.DeadlineExceeded)
	}
	reason, class := inShort(told.Message), told.ErrorClass
	if rest, ok := strings.CutPrefix(reason, "["); ok && class == "" {
		if name, _, ok := strings.Cut(rest, "]"); ok && strings.ToUpper(name) == name {
			class = name
		}
	}
	e := &Error{Query: c.masked(query), Class: class, Reason: c.masked(reason), Code: told.Code}
	switch {
	case told.Code == codes.Unavailable || stopping(told.Code, reason):
		e.Code = codes.Unavailable
		e.Reason = fmt.Sprintf("the Spark Connect server at %s does not answer, or went away while it worked: %s", c.remote, e.Reason)
		e.hint = "see that it runs (`go run ./locuskit/locus spark` starts one) and ask again"
	case told.Code == codes.Unauthenticated || told.Code == codes.PermissionDenied:
		e.Reason = fmt.Sprintf("the Spark Connect server at %s does not take the token: %s", c.remote, e.Reason)
		e.hint = "give it in the address, as in sc://host:15002/;token=…"
	case class == "PATH_NOT_FOUND":
		e.hint = "the path is looked for on the cluster's machines"
	case strings.Contains(reason, "OutOfMemoryError") || strings.Contains(reason, "Java heap space"):
		e.hint = "give the server more memory, as with `go run ./locuskit/locus spark --memory 4g`"
	}
	return e
}

// stopping reports whether a server's answer is that of one that is ending. Some of its queries are told that the context was stopped.
// Others meet the moment in which the server can no longer report a fault as Spark does, with [codes.Internal] and a class;
// then the gRPC library of Java answers for it, with a text that says nothing.
func stopping(code codes.Code, reason string) bool {
	if code == codes.Unknown && reason == "Application error processing RPC" {
		return true
	}
	return strings.Contains(reason, "SparkContext") && (strings.Contains(reason, "stopped") || strings.Contains(reason, "shut down"))
}

func (c *Cluster) masked(text string) string {
	if c.secret == nil {
		return text
	}
	return c.secret.Text(text)
}

// inShort returns a server's message without the plan, the query and the stack of Java's calls that may follow it.
func inShort(text string) string {
	for _, rest := range []string{"\n== ", ";\n'", "\n\nJVM stacktrace", "\n\tat ", "\nDriver stacktrace", "\n"} {
		if before, _, found := strings.Cut(text, rest); found && strings.TrimSpace(before) != "" {
			text = before
		}
	}
	text = strings.TrimSpace(text)
	const most = 600
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
