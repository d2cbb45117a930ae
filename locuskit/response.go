package locuskit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"locuslab/locuskit/internal/jsontext"
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

// readAnswer reads a good answer, decompressed, and at most bound bytes of it, of which it says how many there were.
func readAnswer[T any](q question[T], resp *http.Response, bound int64, got *answer[T]) (size int, err error) {
	from, done, err := decompressed(resp)
	if err != nil {
		return 0, err
	}
	defer done()
	body := &boundedBody{from: from, bound: bound}
	if q.stream != nil {
		got.value, err = q.stream(jsontext.NewReader(body))
		if body.err != nil { // what the decoder made of the broken end does not matter
			return int(body.n), body.err
		}
		return int(body.n), misread(err, int(body.n))
	}
	buf := bodies.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if _, err := buf.ReadFrom(body); err != nil {
		return int(body.n), err
	}
	if got.value, err = q.read(buf.Bytes()); err == nil && q.keep {
		got.text = bytes.Clone(buf.Bytes())
	}
	return int(body.n), err
}

// boundedBody counts the bytes of an answer and keeps why reading ended before the answer
// did.
type boundedBody struct {
	from  io.Reader
	bound int64
	n     int64
	err   error
}

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if left := b.bound - b.n; int64(len(p)) > left {
		p = p[:left+1] // one more tells an answer of just that size from a larger one
	}
	n, err := b.from.Read(p)
	b.n += int64(n)
	switch {
	case b.n > b.bound:
		b.err = &tooLarge{b.bound}
	case err != nil && err != io.EOF:
		b.err = fmt.Errorf("answer broke off after %d bytes: %w", b.n, err)
	default:
		return n, err
	}
	return n, b.err
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

// misread says what is wrong with an answer that came whole, size bytes of it.
func misread(err error, size int) error {
	var syntax *json.SyntaxError
	var said *badAnswer
	switch {
	case err == nil, errors.As(err, &said):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &badAnswer{fmt.Errorf("answer is not JSON: it ends at byte %d in the middle", size), true}
	case errors.As(err, &syntax):
		return &badAnswer{fmt.Errorf("answer is not JSON: %w at byte %d of %d", err, syntax.Offset, size), true}
	default:
		return unexpected("%w", err)
	}
}

// explanation finds the service's own words in a refusal, without the token.
func (c *Client) explanation(resp *http.Response) (message string, size int) {
	from, done, err := decompressed(resp)
	if err != nil {
		return "without explanation", 0
	}
	defer done()
	// What can be read is better than nothing.
	body, _ := io.ReadAll(io.LimitReader(from, mostExplanation))
	var answer struct{ Message, Error string }
	if json.Unmarshal(body, &answer) == nil {
		if answer.Message == "" {
			answer.Message = answer.Error
		}
		if answer.Message != "" {
			return shortened(c.redacted(answer.Message), "%s"), len(body)
		}
	}
	if len(body) == 0 {
		return "without explanation", 0
	}
	return shortened(c.redacted(string(body)), "%q"), len(body)
}

// shortened returns a text that others wrote as part of an error, which nobody reads at any length.
func shortened(text, as string) string {
	const most = 200
	if len(text) > most {
		return fmt.Sprintf(as+"…", text[:most])
	}
	return fmt.Sprintf(as, text)
}
