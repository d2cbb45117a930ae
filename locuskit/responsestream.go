package locuskit

import (
	"fmt"
	"io"
	"net/http"
)

// streamed is a value that reads the service's JSON as it arrives, for answers too long
// to be held as text.
type streamed interface{ decodeStream(body io.Reader) error }

// decodeStream parses an answer into out while it arrives, at most bound bytes of it once
// decompressed, and says how many there were.
func decodeStream(resp *http.Response, bound int64, out streamed) (size int, err error) {
	from, done, err := decompressed(resp)
	if err != nil {
		return 0, err
	}
	defer done()
	body := &boundedBody{from: from, bound: bound}
	err = out.decodeStream(body)
	if body.err != nil { // what the decoder made of the broken end does not matter
		return int(body.n), body.err
	}
	return int(body.n), misread(err, int(body.n))
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
	if left := b.bound + 1 - b.n; int64(len(p)) > left {
		p = p[:left]
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
