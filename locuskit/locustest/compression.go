package locustest

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// worthCompressing is the shortest body that is: a smaller one is a single packet anyway.
const worthCompressing = 1400

// compress packs a body in the best way that an Accept-Encoding header takes; encoding is "" for none.
func compress(body []byte, accepted string) (encoding string, packed []byte) {
	takes := map[string]bool{}
	for one := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(one), ";")
		takes[strings.TrimSpace(name)] = strings.ReplaceAll(quality, " ", "") != "q=0"
	}
	switch {
	case takes["zstd"]:
		z := zstdEncoders.Get().(*zstd.Encoder)
		defer zstdEncoders.Put(z)
		return "zstd", z.EncodeAll(body, make([]byte, 0, len(body)/4))
	case takes["gzip"]:
		z := gzipWriters.Get().(*gzip.Writer)
		defer gzipWriters.Put(z)
		var b bytes.Buffer
		z.Reset(&b)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		return "gzip", b.Bytes()
	}
	return "", nil
}

// Both are reused: a new one costs most of a megabyte.
var (
	gzipWriters = sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for a level that does not exist
		return z
	}}
	zstdEncoders = sync.Pool{New: func() any {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
		if err != nil {
			panic(err) // the options are constants that zstd takes
		}
		return z
	}}
)
