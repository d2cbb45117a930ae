// Package hadooplz4 reads the LZ4 of Parquet files as Hadoop frames it: blocks, each behind
// its two lengths. Older writers put bare blocks, or LZ4 frames, under the same name, which
// no reader can tell otherwise than by trying. It knows nothing of Parquet but where Arrow's
// reader looks for codecs.
package hadooplz4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/pierrec/lz4/v4"
)

func init() { compress.RegisterCodec(compress.Codecs.Lz4, codec{}) }

type codec struct{}

var frame = []byte{0x04, 0x22, 0x4d, 0x18}

// DecodeWithError fills dst, whose length is that of the text.
func (codec) DecodeWithError(dst, src []byte) ([]byte, error) {
	if n, ok := blocks(dst, src); ok {
		return dst[:n], nil
	}
	if bytes.HasPrefix(src, frame) {
		n, err := io.ReadFull(lz4.NewReader(bytes.NewReader(src)), dst)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("LZ4: %w", err)
		}
		return dst[:n], nil
	}
	n, err := lz4.UncompressBlock(src, dst)
	if err != nil {
		return nil, fmt.Errorf("LZ4: %w", err)
	}
	return dst[:n], nil
}

// blocks decodes what Hadoop writes, and reports whether it is that.
func blocks(dst, src []byte) (written int, ok bool) {
	for len(src) > 0 {
		if len(src) < 4 {
			return 0, false
		}
		left := int(binary.BigEndian.Uint32(src))
		src = src[4:]
		if left > len(dst)-written {
			return 0, false
		}
		for left > 0 { // a block's text may be in several pieces
			if len(src) < 4 {
				return 0, false
			}
			size := int(binary.BigEndian.Uint32(src))
			if size > len(src)-4 {
				return 0, false
			}
			n, err := lz4.UncompressBlock(src[4:4+size], dst[written:written+left])
			if err != nil || n == 0 {
				return 0, false
			}
			src, written, left = src[4+size:], written+n, left-n
		}
	}
	return written, true
}

func (c codec) Decode(dst, src []byte) []byte {
	out, err := c.DecodeWithError(dst, src)
	if err != nil {
		panic(err)
	}
	return out
}

// Encode writes one block, as Hadoop does.
func (codec) Encode(dst, src []byte) []byte {
	var c lz4.Compressor
	block := make([]byte, lz4.CompressBlockBound(len(src)))
	n, err := c.CompressBlock(src, block)
	if err != nil {
		panic(err)
	}
	dst = binary.BigEndian.AppendUint32(dst[:0], uint32(len(src)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(n))
	return append(dst, block[:n]...)
}

func (c codec) EncodeLevel(dst, src []byte, _ int) []byte { return c.Encode(dst, src) }

func (codec) CompressBound(n int64) int64 { return int64(lz4.CompressBlockBound(int(n))) + 8 }
