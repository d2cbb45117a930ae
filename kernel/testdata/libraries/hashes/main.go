package main

import (
	"fmt"

	"filippo.io/edwards25519"
	"github.com/cespare/xxhash/v2"
	"github.com/minio/sha256-simd"
	"github.com/zeebo/blake3"
	"github.com/zeebo/xxh3"
)

func main() {
	text := make([]byte, 3000)
	for i := range text {
		text[i] = byte(i * 7)
	}
	fmt.Printf("%x %x %x\n", xxhash.Sum64(text), xxh3.Hash(text), xxh3.Hash128(text))
	fmt.Printf("%x\n%x\n", sha256.Sum256(text), blake3.Sum256(text))
	p := edwards25519.NewGeneratorPoint()
	p.Add(p, p)
	fmt.Printf("%x\n", p.Bytes())
}
