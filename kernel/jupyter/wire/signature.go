package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// sign returns the HMAC-SHA256 of the four JSON frames of a message, in
// hexadecimal digits; with no key it is empty, which switches signing off.
func sign(key []byte, frames [][]byte) []byte {
	if len(key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, key)
	for _, frame := range frames {
		mac.Write(frame)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// signed tells whether signature is that of frames; the comparison takes the
// same time wherever they differ.
func signed(key []byte, frames [][]byte, signature []byte) bool {
	return len(key) == 0 || hmac.Equal(sign(key, frames), signature)
}
