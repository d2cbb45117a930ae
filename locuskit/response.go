package locuskit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// bodies are reused: an answer is decoded at once, and decoding copies what it keeps.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const (
	mostKept        = 1 << 20  // of a buffer that is kept for the next answer
	mostExplanation = 64 << 10 // of a refusal's body that is read
)

func giveBack(buf *bytes.Buffer) {
	if buf.Cap() <= mostKept {
		buf.Reset()
		bodies.Put(buf)
	}
}

// tooLarge is an answer beyond the client's bound. Asking again would not help.
type tooLarge struct{ bound int64 }

func (e *tooLarge) Error() string {
	return fmt.Sprintf("answer is larger than %d bytes; if that is right, raise it with locuskit.WithMaxBytes", e.bound)
}

// readBody reads an answer into buf, decompressed, and at most bound bytes of it.
func readBody(buf *bytes.Buffer, resp *http.Response, bound int64) error {
	body, done, err := decompressed(resp)
	if err != nil {
		return err
	}
	defer done()
	n, err := buf.ReadFrom(io.LimitReader(body, bound+1))
	if err != nil {
		return fmt.Errorf("answer broke off after %d bytes: %w", n, err)
	}
	if n > bound {
		return &tooLarge{bound}
	}
	return nil
}

// badAnswer is a complete answer that is not what was asked for. Asking again
// can help when it is no JSON at all (a proxy's page, a broken stream), and
// cannot when it is JSON of another shape.
type badAnswer struct {
	err       error
	transient bool
}

func (e *badAnswer) Error() string { return e.err.Error() }
func (e *badAnswer) Unwrap() error { return e.err }

// validated is a value that looks at itself once decoded: encoding/json takes an object
// without the fields that make it what it is for one with zeros.
type validated interface{ validate() error }

// decode parses a whole answer into out. null is refused, or a list that the
// service lost would pass as an empty one.
func decode(body []byte, out any) error {
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return &badAnswer{err: errors.New("answer is null where data was expected")}
	}
	err := json.Unmarshal(body, out)
	if v, ok := out.(validated); ok && err == nil {
		err = v.validate()
	}
	return misread(err, len(body))
}

// misread says what is wrong with an answer that came whole, size bytes of it.
func misread(err error, size int) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &badAnswer{fmt.Errorf("answer is not JSON: it ends at byte %d in the middle", size), true}
	case errors.As(err, &syntax):
		return &badAnswer{fmt.Errorf("answer is not JSON: %w at byte %d of %d", err, syntax.Offset, size), true}
	default:
		return &badAnswer{err: fmt.Errorf("answer is not as expected: %w", err)}
	}
}

// explanation finds the service's own words in a refusal, from which the token has been removed.
func explanation(body string) string {
	var answer struct{ Message, Error string }
	if json.Unmarshal([]byte(body), &answer) == nil {
		if answer.Message != "" {
			return answer.Message
		}
		if answer.Error != "" {
			return answer.Error
		}
	}
	if len(body) == 0 {
		return "without explanation"
	}
	const most = 200
	if len(body) > most {
		return fmt.Sprintf("%q…", body[:most])
	}
	return fmt.Sprintf("%q", body)
}
