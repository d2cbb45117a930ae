// Package emptypages has Arrow's Parquet reader take pages without a value, as of a column of nulls alone, for which other
// programs, Spark among them, write no byte at all, where each compression has bytes for nothing. It knows nothing of Parquet
// but where Arrow's reader looks for codecs.
package emptypages

import "github.com/apache/arrow-go/v18/parquet/compress"

func init() {
	for _, of := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd, compress.Codecs.Lz4Raw} {
		if c, err := compress.GetCodec(of); err == nil {
			compress.RegisterCodec(of, codec{c})
		}
	}
}

type codec struct{ compress.Codec }

// DecodeWithError is that of the codec, but for nothing.
func (c codec) DecodeWithError(dst, src []byte) ([]byte, error) {
	if len(src) == 0 {
		return dst[:0], nil
	}
	return compress.Decode(c.Codec, dst, src)
}

func (c codec) Decode(dst, src []byte) []byte {
	if len(src) == 0 {
		return dst[:0]
	}
	return c.Codec.Decode(dst, src)
}
