package main

import (
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/salsa20"
	"golang.org/x/crypto/sha3"
)

func main() {
	text := []byte("the quick brown fox jumps over the lazy dog, again and again and again, until it is tired of it and sleeps.")
	fmt.Printf("%x\n", argon2.IDKey(text, text[:16], 1, 64, 2, 32))
	fmt.Printf("%x\n%x\n", blake2b.Sum512(text), blake2s.Sum256(text))
	key := [32]byte{1, 2, 3}
	out := make([]byte, len(text))
	c, err := chacha20.NewUnauthenticatedCipher(key[:], text[:12])
	fmt.Println(err)
	c.XORKeyStream(out, text)
	fmt.Printf("%x\n", out)
	aead, err := chacha20poly1305.NewX(key[:])
	fmt.Println(err)
	fmt.Printf("%x\n", aead.Seal(nil, text[:24], text, nil))
	point, err := curve25519.X25519(key[:], curve25519.Basepoint)
	fmt.Printf("%v %x\n", err, point)
	nonce := [24]byte{9}
	fmt.Printf("%x\n", secretbox.Seal(nil, text, &nonce, &key))
	salsa20.XORKeyStream(out, text, text[:8], &key)
	fmt.Printf("%x\n%x\n", out, sha3.Sum256(text))
}
