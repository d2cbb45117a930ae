package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/klauspost/cpuid/v2"
	"github.com/klauspost/reedsolomon"
)

func main() {
	text := []byte(strings.Repeat("compress me, and again, and once more; ", 5000))
	e, err := zstd.NewWriter(nil)
	fmt.Println(err)
	d, err := zstd.NewReader(nil)
	fmt.Println(err)
	packed := e.EncodeAll(text, nil)
	back, err := d.DecodeAll(packed, nil)
	fmt.Println(len(packed), bytes.Equal(back, text), err)
	packed = s2.Encode(nil, text)
	back, err = s2.Decode(nil, packed)
	fmt.Println(len(packed), bytes.Equal(back, text), err)
	packed = s2.EncodeBest(nil, text)
	back, err = s2.Decode(nil, packed)
	fmt.Println(len(packed), bytes.Equal(back, text), err)
	back, err = snappy.Decode(nil, snappy.Encode(nil, text))
	fmt.Println(bytes.Equal(back, text), err)
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 9)
	fmt.Println(err)
	w.Write(text)
	fmt.Println(w.Close(), b.Len())
	back, err = io.ReadAll(flate.NewReader(&b))
	fmt.Println(bytes.Equal(back, text), err)
	g := gzip.NewWriter(&b)
	g.Write(text)
	fmt.Println(g.Close(), b.Len())
	fmt.Println(cpuid.CPU.PhysicalCores > 0, cpuid.CPU.Supports(cpuid.SSE2))
	r, err := reedsolomon.New(5, 3)
	fmt.Println(err)
	shards, err := r.Split(bytes.Clone(text))
	fmt.Println(err, r.Encode(shards))
	shards[0], shards[4] = nil, nil
	fmt.Println(r.Reconstruct(shards), bytes.Equal(shards[0], text[:len(shards[0])]))
}
