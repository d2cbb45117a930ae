package locuskit

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// acceptEncoding is asked for with every request, the cheapest to undo first.
const acceptEncoding = "zstd, gzip"

// largestWindow bounds the memory that a zstd stream can make its reader take.
const largestWindow = 8 << 20

var (
	gunzippers sync.Pool // of *gzip.Reader
	unzstds    = sync.Pool{New: func() any {
		// One goroutine's worth of memory, and none started: the caller's does the work.
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largestWindow))
		if err != nil {
			panic(err) // the options are constants that zstd takes
		}
		return d
	}}
)

// decompressed returns the body of an answer as it was before compression. done gives the
// decompressor back.
func decompressed(resp *http.Response) (body io.Reader, done func(), err error) {
	switch encoding := resp.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return resp.Body, func() {}, nil
	case "gzip":
		z, ok := gunzippers.Get().(*gzip.Reader)
		if ok {
			err = z.Reset(resp.Body)
		} else {
			z, err = gzip.NewReader(resp.Body)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("answer is said to be gzip: %w", err)
		}
		return z, func() { gunzippers.Put(z) }, nil
	case "zstd":
		z := unzstds.Get().(*zstd.Decoder)
		if err := z.Reset(resp.Body); err != nil {
			return nil, nil, fmt.Errorf("answer is said to be zstd: %w", err)
		}
		return z, func() {
			_ = z.Reset(nil) // lets go of the body; a decoder without input has nothing to fail at
			unzstds.Put(z)
		}, nil
	default:
		return nil, nil, fmt.Errorf("answer has the encoding %q, which was not asked for", encoding)
	}
}
